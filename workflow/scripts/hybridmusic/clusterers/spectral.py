"""Spectral clustering with nearest-neighbour affinity, fitted on all tracks."""

from __future__ import annotations

import numpy as np
from scipy.sparse import eye_array
from sklearn.cluster import SpectralClustering

from hybridmusic.clusterers._links import links
from hybridmusic.errors import InputError
from hybridmusic.spaces.neighbours import Neighbours, at_most

RANDOM = True
NEEDS_K = True
GRAPH = "neighbours"
BEYOND = "with eigenvectors by LOBPCG"
SETTINGS = {
    "neighbours": {"type": "integer", "minimum": 1, "default": 10},
    "exact_up_to": {"type": "integer", "minimum": 1, "default": 10000},
}


def cluster(
    x: np.ndarray,
    k: int,
    seed: int,
    *,
    graph: Neighbours,
    neighbours: int,
    exact_up_to: int = 10000,
) -> np.ndarray:
    """Cluster of each row of `x` (tracks, d); InputError unless there are more than `k`.

    The affinity is scikit-learn's: every track is its own first neighbour, and half an affinity
    is between two of which one alone has the other. The eigenvectors of more than `exact_up_to`
    tracks are found by LOBPCG (Knyazev 2001), for the usual way factorises the whole graph.
    """
    if k >= len(x):
        raise InputError(
            f"spectral clustering into k = {k} needs more than {k} tracks, and there are {len(x)}"
        )
    near = links(graph.nearest(at_most(neighbours, len(x)) - 1)) + eye_array(len(x))
    model = SpectralClustering(
        n_clusters=k,
        affinity="precomputed",
        eigen_solver="arpack" if len(x) <= exact_up_to else "lobpcg",
        random_state=seed,
    )
    return model.fit_predict((near + near.T) / 2)
