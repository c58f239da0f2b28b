"""Scores compared with scikit-learn and with known answers."""

import numpy as np
import pytest
from sklearn import metrics

from hybridmusic.clusterings import table
from hybridmusic.evaluation import scores
from hybridmusic.evaluation.silhouettes import Silhouettes

EXTERNAL = ("ari", "nmi", "ami", "purity")

pytestmark = pytest.mark.numerical


def test_external_scores_of_known_clusterings():
    genres = ["a", "a", "b", "b", "c", "c"]
    perfect = scores.external_scores([5, 5, 0, 0, 9, 9], genres)
    assert perfect == pytest.approx(dict.fromkeys(EXTERNAL, 1.0))
    one = scores.external_scores([0] * 6, genres)
    assert one == pytest.approx({"ari": 0, "nmi": 0, "ami": 0, "purity": 1 / 3})
    half = scores.external_scores([0, 0, 0, 1, 1, 1], genres)
    assert half["purity"] == pytest.approx(4 / 6)
    # I = ln 2 * 2/3, H(genres) = ln 3, H(clusters) = ln 2; NMI = 2 I / (sum of both)
    assert half["nmi"] == pytest.approx(2 * (2 / 3) * np.log(2) / (np.log(3) + np.log(2)))


def test_noise_counts_as_one_more_cluster():
    genres = ["a", "a", "b", "b"]
    assert scores.external_scores(np.array([-1, -1, 0, 0]), genres)["ari"] == pytest.approx(1)
    covered = table.coverage(np.array([-1, -1, -1, 0]))
    assert covered == {"n_clusters": 1.0, "noise_share": 0.75, "largest_share": 0.25}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_internal_scores_are_scikit_learns(dtype):
    x = np.random.default_rng(0).normal(size=(60, 4)).astype(dtype)
    clusters = np.arange(60) % 3 - 1
    found = scores.internal_scores(x, clusters, Silhouettes(x, 60, 0))
    assert set(found) == {"silhouette", *scores.INTERNAL}
    assert found["silhouette"] == pytest.approx(metrics.silhouette_score(x, clusters))
    assert found["calinski_harabasz"] == pytest.approx(metrics.calinski_harabasz_score(x, clusters))
    assert found["davies_bouldin"] == pytest.approx(metrics.davies_bouldin_score(x, clusters))


def test_every_score_says_where_it_was_measured():
    x = np.random.default_rng(0).normal(size=(6, 2))
    labels = {
        "genre": np.array(["a", "a", None, "b", "b", None], dtype=object),
        "language": np.array(["english"] * 6, dtype=object),
    }
    clusters = np.array([0, 0, 1, 1, 1, 0])
    internal = {
        name: scores.internal_scores(x, clusters, Silhouettes(x, 6, 0))
        for name, x in {"audio": x, "hybrid": 2 * x}.items()
    }
    found = scores.score(clusters, internal, labels)
    places = {}
    for metric, measured_in, value in found:
        places.setdefault(measured_in, {})[metric] = value
    assert set(places) == {None, "audio", "hybrid", "genre"}
    assert set(places["audio"]) == set(places["hybrid"]) == {"silhouette", *scores.INTERNAL}
    # Tracks without a genre do not count; the four others agree.
    assert places["genre"] == pytest.approx(dict.fromkeys(EXTERNAL, 1.0))


@pytest.mark.parametrize("clusters", [np.zeros(5, int), np.full(5, -1), np.arange(5)])
def test_internal_scores_are_undefined_without_two_proper_clusters(clusters):
    x = np.random.default_rng(0).normal(size=(5, 2))
    found = scores.internal_scores(x, clusters, Silhouettes(x, 5, 0))
    assert all(np.isnan(value) for value in found.values())


def test_agreement_is_scored_with_noise_as_a_cluster_and_without_it():
    genres = np.array(["a", "a", "b", "b", None, "a"], dtype=object)
    clusters = np.array([0, 0, 1, 1, 0, -1])
    found = {name: value for name, _, value in scores.score(clusters, {}, {"genre": genres})}
    known = clusters[[0, 1, 2, 3, 5]], genres[[0, 1, 2, 3, 5]]
    assert found["nmi"] == pytest.approx(metrics.normalized_mutual_info_score(*known[::-1]))
    assert found["nmi"] < found["nmi_without_noise"] == pytest.approx(1)
    # All tracks of a known genre may be noise; then nothing can be scored without it.
    noise = np.array([0, -1, -1]), {}, {"genre": genres[[4, 0, 2]]}
    alone = {name for name, _, _ in scores.score(*noise)}
    assert "nmi" in alone
    assert not any(name.endswith("_without_noise") for name in alone)
    assert scores.in_clusters(np.array([-1, -1])) is None
    assert scores.in_clusters(np.array([0, 1])) is None
