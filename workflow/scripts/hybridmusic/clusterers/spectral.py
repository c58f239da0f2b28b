"""Spectral clustering with nearest-neighbour affinity, fitted on all tracks."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import SpectralClustering

from hybridmusic.errors import InputError
from hybridmusic.neighbours import at_most

RANDOM = True
NEEDS_K = True
BEYOND = "with eigenvectors by LOBPCG"
SETTINGS = {
    "neighbours": {"type": "integer", "minimum": 1, "default": 10},
    "exact_up_to": {"type": "integer", "minimum": 1, "default": 10000},
}


def cluster(
    x: np.ndarray, k: int, seed: int, *, neighbours: int, exact_up_to: int = 10000
) -> np.ndarray:
    """Cluster of each row of `x` (tracks, d); InputError unless there are more than `k`.

    The eigenvectors of more than `exact_up_to` tracks are found by LOBPCG (Knyazev 2001), for the
    usual way factorises the whole graph.
    """
    if k >= len(x):
        raise InputError(
            f"spectral clustering into k = {k} needs more than {k} tracks, and there are {len(x)}"
        )
    model = SpectralClustering(
        n_clusters=k,
        affinity="nearest_neighbors",
        n_neighbors=at_most(neighbours, len(x)),
        eigen_solver="arpack" if len(x) <= exact_up_to else "lobpcg",
        random_state=seed,
    )
    return model.fit_predict(x)
