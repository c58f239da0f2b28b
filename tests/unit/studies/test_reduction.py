"""Clusterings of spaces as they are and reduced."""

import numpy as np
import pytest
from samples import near
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score, silhouette_score

from hybridmusic.studies import reduction

pytestmark = pytest.mark.numerical

X, BLOB = make_blobs(120, 5, centers=3, cluster_std=0.5, random_state=0)


@pytest.mark.parametrize("scale", [0.01, 100])
@pytest.mark.parametrize("clusterer", ["kmeans", "ward", "dbscan", "spectral"])
@pytest.mark.filterwarnings("ignore:Graph is not fully connected")
def test_every_clusterer_finds_blobs_of_any_size(clusterer, scale):
    clusters = reduction.cluster(scale * X, clusterer, 3, 0, near(scale * X))
    clustered = clusters >= 0
    assert clustered.mean() > 0.8
    assert adjusted_rand_score(BLOB[clustered], clusters[clustered]) == 1


def test_silhouettes_average_to_the_silhouette_and_miss_where_it_is_not_defined():
    clusters = np.where(X[:, 0] > np.median(X[:, 0]), 0, -1)
    found = reduction.silhouettes(X, clusters)
    assert found.mean() == pytest.approx(silhouette_score(X, clusters))
    assert np.isnan(reduction.silhouettes(X, np.zeros(120))).all()
    assert np.isnan(reduction.silhouettes(X, np.arange(120))).all()


def test_a_space_without_randomness_serves_every_seed():
    found = reduction.clustered(list("ab") * 60, {7: X}, {7: near(X)}, "kmeans", 3, [7, 8])
    assert found["seed"].value_counts().to_dict() == {7: 120, 8: 120}
    second = found[found["seed"] == 8]["cluster"]
    np.testing.assert_array_equal(second, reduction.cluster(X, "kmeans", 3, 8, near(X)))
