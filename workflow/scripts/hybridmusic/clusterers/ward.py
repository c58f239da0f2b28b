"""Agglomerative clustering with Ward's linkage."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import AgglomerativeClustering

RANDOM = False
NEEDS_K = True
SETTINGS = {}


def cluster(x: np.ndarray, k: int, seed: int) -> np.ndarray:
    """Cluster of each row of `x` (tracks, d)."""
    return AgglomerativeClustering(n_clusters=k, linkage="ward").fit_predict(x)
