"""Spectral clustering with nearest-neighbour affinity, fitted on all tracks."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import SpectralClustering

from hybridmusic.errors import InputError
from hybridmusic.neighbours import at_most

RANDOM = True
NEEDS_K = True
SETTINGS = {
    "neighbours": {"type": "integer", "minimum": 1, "default": 10},
}


def cluster(x: np.ndarray, k: int, seed: int, *, neighbours: int) -> np.ndarray:
    """Cluster of each row of `x` (tracks, d); InputError unless there are more than `k`."""
    if k >= len(x):
        raise InputError(
            f"spectral clustering into k = {k} needs more than {k} tracks, and there are {len(x)}"
        )
    model = SpectralClustering(
        n_clusters=k,
        affinity="nearest_neighbors",
        n_neighbors=at_most(neighbours, len(x)),
        random_state=seed,
    )
    return model.fit_predict(x)
