"""K-Means (MacQueen 1967)."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import KMeans

from hybridmusic.centroids import Centroids

RANDOM = True
NEEDS_K = True
RULE = "nearest centroid"
CENTROIDS = True
SETTINGS = {}


def cluster(x: np.ndarray, k: int, seed: int) -> np.ndarray:
    """Cluster of each row of `x` (tracks, d), the best of ten starts."""
    return KMeans(n_clusters=k, n_init=10, random_state=seed).fit_predict(x)


def place(x: np.ndarray, clusters: np.ndarray, new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The cluster whose mean is nearest, and how much nearer than the next one's it is."""
    return Centroids.of(x, clusters).nearest(new)
