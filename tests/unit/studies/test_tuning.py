"""The tuning grid: training without the held-out songs, and scores on them."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_mutual_info_score, normalized_mutual_info_score

from hybridmusic import kinds
from hybridmusic.studies import tuning
from hybridmusic.training import loop

pytestmark = pytest.mark.numerical

SETTINGS = kinds.settings("networks", "vae", {"hidden": [8], "latent": 2, "epochs": 3})
HELD_OUT = np.arange(60) % 4 == 0
GENRES = ["a", "b", None] * 20


def data():
    return np.random.default_rng(0).normal(3, 2, size=(1, 60, 6)).astype(np.float32)


def tuned(x, genres=GENRES, k=3):
    grid = tuning.members([0.01, 0.001], [1.0, 4.0], [5, 6])
    return tuning.tune(grid, x, HELD_OUT, genres, SETTINGS, k, "cpu")


def test_scores_are_those_of_networks_trained_alone():
    x = data()
    table = tuned(x)
    assert len(table) == 8
    scaled = (x[0] - x[0, ~HELD_OUT].mean(axis=0)) / x[0, ~HELD_OUT].std(axis=0)
    row = table.query("learning_rate == 0.001 and beta == 4 and seed == 6").iloc[0]
    own = SETTINGS | {"learning_rate": 0.001, "beta": 4.0}
    network = loop.build("vae", 6, 0, [6], own)
    loop.train(network, scaled[~HELD_OUT], np.zeros((45, 0)), [6], own)
    encoded = loop.encode(network, scaled[HELD_OUT], np.zeros((15, 0)))
    error = ((encoded.reconstruction[0] - scaled[HELD_OUT]) ** 2).mean()
    assert row["reconstruction"] == pytest.approx(error, rel=1e-4)
    assert row["mean_prediction"] == pytest.approx((scaled[HELD_OUT] ** 2).mean(), rel=1e-4)
    assert row["kl"] == pytest.approx(encoded.kl.mean(), rel=1e-3)
    assert row["elbo"] == pytest.approx(row["log_likelihood"] - row["kl"])
    # Decoding draws of z is never better than decoding where they scatter around, on average.
    assert row["log_likelihood"] < -6 * error - 3 * np.log(np.pi) + 0.1
    clusters = KMeans(3, n_init=10, random_state=6).fit_predict(encoded.latent[0])
    known = pd.notna(np.array(GENRES, dtype=object)[HELD_OUT])
    genres = np.array(GENRES, dtype=object)[HELD_OUT][known].astype(str)
    nmi = normalized_mutual_info_score(genres, clusters[known])
    assert row["nmi"] == pytest.approx(nmi, abs=1e-6)
    assert row["ami"] == pytest.approx(adjusted_mutual_info_score(genres, clusters[known]))


def test_training_to_a_plateau_leaves_the_scores_of_the_papers_epochs_as_they_are():
    x, half = data(), np.arange(15) < 7
    grid = tuning.members([0.01, 0.001], [1.0, 4.0], [5, 6])
    chosen = (HELD_OUT, GENRES, SETTINGS, 3, "cpu")
    longer = tuning.tune(grid, x, *chosen, plateau=(half, 40))
    plateau = ["plateau_elbo", "plateau_epochs", "plateau_reached"]
    without = tuning.tune(grid, x, *chosen)
    pd.testing.assert_frame_equal(longer.drop(columns=plateau), without.drop(columns=plateau))
    assert without[plateau].isna().all(axis=None)
    assert longer["plateau_epochs"].between(1, 40).all()
    assert longer["plateau_elbo"].notna().all()


def test_songs_that_stop_training_are_not_scored():
    """Each half is scored with the weights that the other half chose, found by training again."""
    x, half = data(), np.arange(15) < 7
    grid, own = tuning.members([0.01], [2.0], [5]), SETTINGS | {"epochs": 1}
    row = tuning.tune(grid, x, HELD_OUT, GENRES, own, 3, "cpu", plateau=(half, 25)).iloc[0]
    scaled = tuning.standardised(x, HELD_OUT)
    halves, best = [scaled[:, HELD_OUT][:, part] for part in (half, ~half)], []
    settings = own | {"learning_rate": 0.01, "beta": 2.0}

    def trained(epochs):
        network = loop.build("vae", 6, 0, [5], settings)
        training = settings | {"epochs": epochs}
        loop.train(network, scaled[:, ~HELD_OUT], np.zeros((45, 0)), [5], training)
        return network

    def parts(network, tracks, samples):
        return loop.evidence(network, tracks, np.zeros((tracks.shape[1], 0)), 5, samples)

    networks = {epochs: trained(epochs) for epochs in range(1, 26)}
    for tracks in halves:
        scores = {}
        for epochs, network in networks.items():
            log_likelihood, kl = parts(network, tracks, tuning.STOPPING_SAMPLES)
            scores[epochs] = (log_likelihood - 2.0 * kl)[0]
        best.append(max(scores, key=scores.get))
    assert row["plateau_epochs"] == np.mean(best)
    elbo = 0
    for tracks, epochs in zip(halves, reversed(best), strict=True):
        log_likelihood, kl = parts(networks[epochs], tracks, tuning.SAMPLES)
        elbo += (log_likelihood - kl)[0] * tracks.shape[1] / 15
    assert row["plateau_elbo"] == pytest.approx(elbo, rel=1e-5)
    assert not row["plateau_reached"]


def test_songs_held_out_change_nothing_but_their_own_scores():
    x = data()
    other = x.copy()
    other[:, HELD_OUT] *= -2
    np.testing.assert_array_equal(
        tuning.standardised(x, HELD_OUT)[:, ~HELD_OUT],
        tuning.standardised(other, HELD_OUT)[:, ~HELD_OUT],
    )
    seen = []
    train = loop.train
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "train", lambda n, x, *rest: seen.append(x) or train(n, x, *rest))
        tuned(x), tuned(other)
    np.testing.assert_array_equal(*seen)
    assert seen[0].shape == (1, 45, 6)


def test_a_feature_that_is_constant_in_training_is_not_blown_up():
    x = data()
    x[:, ~HELD_OUT, 0] = 0.1
    assert np.abs(tuning.standardised(x, HELD_OUT)).max() < 20


@pytest.mark.parametrize(("genres", "k"), [([None] * 60, 3), (["a"] * 60, 3), (GENRES, 16)])
def test_agreement_is_left_out_where_there_is_none_to_measure(genres, k):
    table = tuned(data(), genres, k)
    assert table[["nmi", "ami"]].isna().all(axis=None)
    assert table["elbo"].notna().all()
