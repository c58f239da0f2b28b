"""Probes find what is planted, and nothing in noise."""

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import kstest
from sklearn.covariance import LedoitWolf
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import balanced_accuracy_score
from sklearn.preprocessing import StandardScaler

from hybridmusic.errors import InputError
from hybridmusic.studies import probes

pytestmark = pytest.mark.numerical

SONGS = np.repeat(np.arange(60), 3)
GENRES = np.array(["folk", "pop", "rock"])[np.random.default_rng(9).integers(3, size=60)][SONGS]


def fingerprints(rng):
    """Return vectors (180, 8) that reveal a clip's song and nothing else."""
    return rng.normal(size=(60, 8))[SONGS] + 0.1 * rng.normal(size=(180, 8))


def test_a_planted_leak_is_found():
    rng = np.random.default_rng(0)
    x = fingerprints(rng)
    x[:, 5] += 3 * (GENRES == "pop")
    x[:, 6] += 3 * (GENRES == "rock")
    result = probes.probe(x, GENRES, SONGS, rng, permutations=99)
    # 0.87 ± 0.04 over 20 seeds, and 0.33 ± 0.01 by chance.
    assert result.accuracy > 0.55
    assert result.chance.mean == pytest.approx(1 / 3, abs=0.03)
    assert result.chance.p == pytest.approx(0.01)


def test_p_is_uniform_where_nothing_is_planted():
    rng = np.random.default_rng(1)
    result = [
        probes.probe(fingerprints(rng), GENRES, SONGS, rng, permutations=39).chance.p
        for _ in range(60)
    ]
    # Fails for one seed in a thousand.
    assert kstest(result, "uniform").pvalue > 0.001


def test_a_constant_predicts_nothing():
    rng = np.random.default_rng(2)
    result = probes.probe(np.ones((180, 2)), GENRES, SONGS, rng, permutations=9)
    assert result.accuracy == pytest.approx(1 / 3)
    assert result.chance.p == 1


def test_the_classifier_is_the_nearest_mean_by_mahalanobis():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(200, 6)) @ rng.normal(size=(6, 6))
    labels = rng.integers(4, size=200)
    x[:, 0] += labels
    train, test = x[:150], x[150:]
    scaler = StandardScaler().fit(train)
    precision = LedoitWolf(assume_centered=True).fit(scaler.transform(train)).precision_
    means = [scaler.transform(train)[labels[:150] == n].mean(axis=0) for n in range(4)]
    expected = cdist(scaler.transform(test), means, "mahalanobis", VI=precision).argmin(axis=1)
    white, other = probes.whiten(train, test)
    # With other assignments, one of which lacks classes.
    dealt = np.array([labels[:150], rng.permutation(labels[:150]), np.zeros(150, dtype=int)])
    result, _, zeros = probes.nearest_means(white, dealt, other)
    assert not zeros.any()
    assert result.tolist() == expected.tolist()
    assert probes.balanced_accuracy(labels[150:], result) == pytest.approx(
        balanced_accuracy_score(labels[150:], result)
    )


def test_two_classes_are_separated_as_by_linear_discriminant_analysis():
    rng = np.random.default_rng(4)
    labels = (rng.random(4000) < 0.2).astype(int)
    x = rng.normal(size=(4000, 5)) @ (np.eye(5) + 0.3)
    x[:, 1] += labels
    white, _ = probes.whiten(x, x)
    result = probes.nearest_means(white, labels[None], white)[0]
    expected = LinearDiscriminantAnalysis(priors=[0.5, 0.5]).fit(x, labels).predict(x)
    assert np.mean(result == expected) > 0.99


def test_fewer_songs_than_folds_are_refused():
    with pytest.raises(InputError, match="as many songs, not 3"):
        probes.probe(np.ones((6, 1)), [0, 1] * 3, [0, 0, 1, 1, 2, 2], np.random.default_rng(0))


def collection(rng):
    """Return fingerprints and genres; one song has a genre of its own and one has none."""
    x = fingerprints(rng)
    tracks = pd.DataFrame({"genre": GENRES, "language": "english", "song": SONGS})
    tracks.loc[SONGS == 0, "genre"] = "polka"
    tracks.loc[SONGS == 1, "genre"] = None
    return x, tracks


def test_labels_of_a_single_song_or_kind_are_left_out():
    rng = np.random.default_rng(5)
    x, tracks = collection(rng)
    x[:, 0] += 9 * (tracks["genre"] == "pop")
    (row,) = probes.read_labels(x, tracks, 19, 0)
    assert (row["label"], row["classes"], row["tracks"]) == ("genre", 3, 174)
    chosen = tracks["genre"].isin(["folk", "pop", "rock"])
    part = tracks[chosen]
    known = np.random.default_rng(0)
    expected = probes.probe(x[chosen], part["genre"], part["song"], known, permutations=19)
    assert (row["accuracy"], row["p"]) == (expected.accuracy, expected.chance.p)
    few = tracks["song"] < 4
    assert probes.read_labels(x[few], tracks[few].assign(genre=None), 19, 0) == []
    # Two songs each, in two folds.
    few = tracks[few].assign(genre=np.repeat(["pop", "rock"], 6), language=None)
    assert probes.read_labels(np.eye(12), few, 19, 0)[0]["classes"] == 2
