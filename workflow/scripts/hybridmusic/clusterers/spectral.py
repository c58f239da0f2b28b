"""Cluster by the spectrum of the nearest-neighbour affinity of all tracks."""

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
SETTINGS = {"neighbours": {"type": "integer", "minimum": 1, "default": 10}}


def cluster(
    x: np.ndarray, k: int, seed: int, *, graph: Neighbours, neighbours: int, exact_up_to: int
) -> np.ndarray:
    """Return the cluster of each row of `x` (tracks, d).

    The affinity is scikit-learn's: each track is its own first neighbour, and it is halved
    where only one of two tracks has the other among its neighbours. With more than `exact_up_to`
    tracks the eigenvectors come from LOBPCG (Knyazev 2001), because the usual solver factorises the
    whole graph. Raises InputError unless there are more than `k` tracks.
    """
    if k >= len(x):
        raise InputError(
            f"spectral clustering into k = {k} needs more than {k} tracks, and there are {len(x)}"
        )
    nearest = links(graph.nearest(at_most(neighbours, len(x)) - 1)) + eye_array(len(x))
    model = SpectralClustering(
        n_clusters=k,
        affinity="precomputed",
        eigen_solver="arpack" if len(x) <= exact_up_to else "lobpcg",
        random_state=seed,
    )
    return model.fit_predict((nearest + nearest.T) / 2)
