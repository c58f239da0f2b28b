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
