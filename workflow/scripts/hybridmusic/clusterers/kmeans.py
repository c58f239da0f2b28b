"""K-Means (MacQueen 1967)."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import KMeans

RANDOM = True
NEEDS_K = True
SETTINGS = {}


def cluster(x: np.ndarray, k: int, seed: int) -> np.ndarray:
    """Cluster of each row of `x` (tracks, d), the best of ten starts."""
    return KMeans(n_clusters=k, n_init=10, random_state=seed).fit_predict(x)
