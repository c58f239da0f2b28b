"""Spectral clustering with nearest-neighbour affinity, fitted on all tracks."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import SpectralClustering

RANDOM = True
NEEDS_K = True
SETTINGS = {
    "neighbours": {"type": "integer", "minimum": 1, "default": 10},
}


def cluster(x: np.ndarray, k: int, seed: int, *, neighbours: int) -> np.ndarray:
    """Cluster of each row of `x` (tracks, d)."""
    model = SpectralClustering(
        n_clusters=k,
        affinity="nearest_neighbors",
        n_neighbors=min(neighbours, len(x) - 1),
        random_state=seed,
    )
    return model.fit_predict(x)
