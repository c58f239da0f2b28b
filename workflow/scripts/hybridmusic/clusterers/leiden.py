"""Communities of the graph of neighbours, by the Leiden algorithm (Traag et al. 2019).

An edge joins two tracks if one is among the other's nearest; its weight is the share of neighbours
that they have in common, as Levine et al. (2015) weigh it, so that what joins two groups by chance
weighs little. Modularity is maximised: how many clusters there are follows from the resolution.
"""

from __future__ import annotations

import graspologic_native
import numpy as np

from hybridmusic.clusterers._links import links
from hybridmusic.spaces.neighbours import Graph, Neighbours, at_most

RANDOM = True
NEEDS_K = False
GRAPH = "neighbours"
SETTINGS = {
    "resolution": {"type": "number", "exclusiveMinimum": 0, "default": 1.0},
    "neighbours": {"type": "integer", "minimum": 1, "default": 15},
    "metric": {"enum": ["euclidean", "cosine"], "default": "euclidean"},
    "balance": {"enum": ["none", "language"], "default": "none"},
}
# Passes of the whole algorithm, each from what the last one found.
PASSES = 2


def cluster(
    x: np.ndarray,
    k: None,
    seed: int,
    *,
    graph: Neighbours,
    resolution: float,
    neighbours: int,
    metric: str,
    balance: str,
) -> np.ndarray:
    """Cluster of each row of `x` (tracks, d), whose neighbours by `metric` and `balance` are given.

    The higher the `resolution`, the more clusters.
    """
    near = graph.nearest(at_most(neighbours, len(x)))
    if not near.indices.size:
        return np.zeros(len(x), dtype=int)
    edges = links(near, jaccard(near))
    edges = edges.maximum(edges.T).tocsr()
    _, found = graspologic_native.leiden_csr(
        edges.indptr.astype(np.int64),
        edges.indices.astype(np.int32),
        edges.data,
        len(x),
        resolution=resolution,
        iterations=PASSES,
        seed=seed,
    )
    return np.array([found[track] for track in range(len(x))])


def jaccard(near: Graph) -> np.ndarray:
    """How many neighbours a track and each of its neighbours share, over all of both: (tracks, k).

    Every track counts as a neighbour of its own, so that no edge weighs nothing.
    """
    n, k = near.indices.shape
    circle = np.column_stack([np.arange(n, dtype=near.indices.dtype), near.indices])
    shared = np.empty((n, k))
    for place, other in enumerate(near.indices.T):
        shared[:, place] = (circle[:, :, None] == circle[other][:, None]).sum(axis=(1, 2))
    return shared / (2 * (k + 1) - shared)
