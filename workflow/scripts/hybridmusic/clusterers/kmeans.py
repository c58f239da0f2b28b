"""Cluster by K-Means (MacQueen 1967), and many tracks by mini-batches (Sculley 2010)."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import KMeans, MiniBatchKMeans

from hybridmusic.clusterers import EXACT_UP_TO
from hybridmusic.clusterings.centroids import Centroids

RANDOM = True
NEEDS_K = True
RULE = "nearest centroid"
CENTROIDS = True
BEYOND = "in mini-batches"
BATCH = 4096


def cluster(x: np.ndarray, k: int, seed: int, *, exact_up_to: int = EXACT_UP_TO) -> np.ndarray:
    """Return the cluster of each row of `x` (tracks, d), the best of ten starts.

    More than `exact_up_to` tracks are clustered by mini-batches.
    """
    kmeans = KMeans(n_clusters=k, n_init=10, random_state=seed)
    if len(x) > exact_up_to:
        kmeans = MiniBatchKMeans(n_clusters=k, n_init=10, batch_size=BATCH, random_state=seed)
    return kmeans.fit_predict(x)


def place(
    x: np.ndarray, clusters: np.ndarray, new: np.ndarray, *, exact_up_to: int = EXACT_UP_TO
) -> tuple[np.ndarray, np.ndarray]:
    """Return the cluster with the nearest mean, and how much nearer it is than the next mean."""
    return Centroids.of(x, clusters).nearest(new)
