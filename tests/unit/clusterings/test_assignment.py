"""New tracks join clusters of a run."""

import numpy as np
import pytest
from samples import near
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs

from hybridmusic.clusterers import dbscan, kmeans
from hybridmusic.clusterings import assignment


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def test_a_track_joins_most_of_its_nearest():
    old = np.array([[0.0], [0.1], [1], [1.2], [1.3], [9]])
    clusters = np.array([5, 5, 2, 2, 2, 7])
    found, confidence = assignment.assign(old, clusters, np.array([[0.9], [0.0]]))
    weights = 1 / np.abs(np.array([0.9]) - old[:5, 0])
    assert found.tolist() == [2, 5]
    np.testing.assert_allclose(confidence, [weights[2:].sum() / weights.sum(), 1], atol=1e-6)


def test_of_equal_tracks_most_decide():
    old, clusters = np.zeros((4, 2)), np.array([1, 0, 1, 1])
    found, confidence = assignment.assign(old, clusters, np.zeros((1, 2)))
    assert (found.tolist(), confidence.tolist()) == ([1], [0.75])


def test_a_known_track_keeps_its_cluster_by_every_rule():
    x = normal(60, 4)
    clusters = np.random.default_rng(1).integers(4, size=60)  # which no rule would find

    def nearest(old, clusters, new):
        return kmeans.place(old, clusters, new)

    found, confidence = assignment.assign(x, clusters, x * (1 + 1e-6), nearest)
    np.testing.assert_array_equal(found, clusters)
    assert (confidence == 1).all()
    assert (nearest(x, clusters, x)[0] != clusters).any()


@pytest.mark.numerical
def test_the_nearest_centroid_is_what_k_means_predicts():
    x, _ = make_blobs(300, 5, centers=4, cluster_std=4, random_state=0)
    new, _ = make_blobs(80, 5, centers=4, cluster_std=6, random_state=1)
    model = KMeans(4, n_init=10, random_state=0, tol=0).fit(x)
    found, confidence = kmeans.place(x, model.labels_, new)
    np.testing.assert_array_equal(found, model.predict(new))
    distances = np.sort(cdist(new, model.cluster_centers_))
    np.testing.assert_allclose(confidence, 1 - distances[:, 0] / distances[:, 1], atol=1e-6)
    # Its own tracks too, so the rule alone gives K-Means' clusters back.
    np.testing.assert_array_equal(kmeans.place(x, model.labels_, x)[0], model.labels_)


def test_a_track_joins_a_core_point_within_eps_or_is_noise():
    x = np.concatenate([np.linspace(0, 1, 11), [1.25], np.linspace(5, 6, 11)])[:, None]
    settings = {"eps": 0.35, "min_samples": 4}
    clusters = dbscan.cluster(x, None, 0, graph=near(x), **settings)
    new = np.array([[-0.3], [-0.36], [1.5], [5.5], [99]])
    found, confidence = dbscan.place(x, clusters, new, **settings)
    # 1.25 is no core point: what is near to it alone is noise.
    assert found.tolist() == [clusters[0], -1, -1, clusters[-1], -1]
    ratios = [0.3 / 0.35, 0.35 / 0.36, 0.35 / 0.5, 0, 0.35 / 93]
    np.testing.assert_allclose(confidence, 1 - np.array(ratios))
    own = dbscan.place(x, clusters, x, **settings)[0]
    np.testing.assert_array_equal(own, clusters)
    nothing = dbscan.place(x, np.full(23, -1), new, eps=0.01, min_samples=4)
    assert (nothing[0] == -1).all()


def test_outside_is_farther_than_nearly_all_tracks_are_from_other_songs():
    x = np.arange(200.0)[:, None].repeat(2, axis=1)
    x[-1] += 50
    songs = np.arange(200) // 2
    distances = cdist(x, x)
    distances[songs[:, None] == songs] = np.inf
    expected = np.percentile(distances.min(axis=1), 99)
    assert assignment.farthest(x, songs) == pytest.approx(expected)
    assert assignment.farthest(x, np.zeros(200)) == np.inf
