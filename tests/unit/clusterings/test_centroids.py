"""Centroids of a run, and of what later batches make of them."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs
from sklearn.metrics import normalized_mutual_info_score

from hybridmusic.clusterers import kmeans
from hybridmusic.clusterings.centroids import Centroids, drift
from hybridmusic.demo import synthesis
from hybridmusic.sound import features
from hybridmusic.spaces import scaling


def test_centroids_stay_the_means_of_all_that_they_drew():
    x, _ = make_blobs(90, 3, centers=3, random_state=0)
    clusters = KMeans(3, n_init=1, random_state=0).fit_predict(x[:30])
    start = state = Centroids.of(x[:30], clusters)
    drawn = [x[:30][clusters == c] for c in range(3)]
    for batch in (x[30:60], x[60:]):
        found = cdist(batch, state.centres).argmin(axis=1)
        drawn = [np.vstack([drawn[c], batch[found == c]]) for c in range(3)]
        before, state = state, state.refined(batch)
    np.testing.assert_allclose(state.centres, [tracks.mean(axis=0) for tracks in drawn])
    assert state.counts.tolist() == [len(tracks) for tracks in drawn]

    drifted = drift(x[:30], clusters, before, state)
    spread = np.sqrt(((x[:30] - start.centres[clusters]) ** 2).sum(axis=1))
    spread = [np.sqrt((spread[clusters == c] ** 2).mean()) for c in range(3)]
    moved = np.linalg.norm(state.centres - start.centres, axis=1)
    np.testing.assert_allclose(drifted["moved_in_all"], moved / spread)
    assert drifted["added"].sum() == 30
    assert drifted["added_in_all"].sum() == 60


def test_drift_counts_old_tracks_that_would_leave():
    x, clusters = np.array([[0.0], [1], [3], [10], [11]]), np.array([0, 0, 0, 1, 1])
    before = Centroids.of(x, clusters)
    drifted = drift(x, clusters, before, before.refined(np.array([[6.0]] * 20)))
    # The second centroid draws all of them to (21 + 120) / 22 = 6.4: 3 stays; then it takes none.
    assert drifted["leave"].tolist() == [0, 0]
    assert drifted["added"].tolist() == [0, 20]
    after = Centroids(before.clusters, np.array([[0.0], [5]]), before.counts)
    assert drift(x, clusters, before, after)["leave"].tolist() == [1, 0]


@pytest.mark.long
@pytest.mark.parametrize("k", [8, 18])
def test_ten_batches_end_about_where_clustering_all_at_once_does(k, demo_mfcc):
    """With the numbers of clusters that the demo itself has: Table 2's, and that of its genres."""
    x, genres = demo_mfcc
    at_once = normalized_mutual_info_score(genres, kmeans.cluster(x, k, 42))
    followed = []
    for seed in range(10):
        order = np.random.default_rng(seed).permutation(len(x))
        first, *rest = np.array_split(x[order], 10)
        state = Centroids.of(first, kmeans.cluster(first, k, 42))
        for batch in rest:
            state = state.refined(batch)
        assert state.counts.sum() == len(x)
        followed.append(normalized_mutual_info_score(genres, state.nearest(x)[0]))
    assert at_once > 0.5
    assert np.mean(followed) == pytest.approx(at_once, abs=0.05)


@pytest.fixture(scope="module")
def demo_mfcc():
    """Make the audio block of the demo's 400 clips, and list their genres."""
    clips = list(synthesis.corpus(42))
    rows = [features.describe(clip.samples, synthesis.SAMPLE_RATE)["mfcc"] for clip in clips]
    return scaling.standardise(np.stack(rows)), [clip.genre for clip in clips]
