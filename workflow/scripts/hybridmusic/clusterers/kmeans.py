"""K-Means (MacQueen 1967), for many tracks in mini-batches (Sculley 2010)."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import KMeans, MiniBatchKMeans

from hybridmusic.clusterings.centroids import Centroids

RANDOM = True
NEEDS_K = True
RULE = "nearest centroid"
CENTROIDS = True
BEYOND = "in mini-batches"
SETTINGS = {
    "exact_up_to": {"type": "integer", "minimum": 1, "default": 10000},
}
BATCH = 4096


def cluster(x: np.ndarray, k: int, seed: int, *, exact_up_to: int = 10000) -> np.ndarray:
    """Cluster of each row of `x` (tracks, d), the best of ten starts.

    Of more than `exact_up_to` tracks in mini-batches.
    """
    kmeans = KMeans(n_clusters=k, n_init=10, random_state=seed)
    if len(x) > exact_up_to:
        kmeans = MiniBatchKMeans(n_clusters=k, n_init=10, batch_size=BATCH, random_state=seed)
    return kmeans.fit_predict(x)


def place(
    x: np.ndarray, clusters: np.ndarray, new: np.ndarray, *, exact_up_to: int = 10000
) -> tuple[np.ndarray, np.ndarray]:
    """The cluster whose mean is nearest, and how much nearer than the next one's it is."""
    return Centroids.of(x, clusters).nearest(new)
