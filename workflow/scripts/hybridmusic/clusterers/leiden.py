"""Find communities of the graph of neighbours by the Leiden algorithm (Traag et al. 2019).

An edge joins two tracks if one is among the other's nearest. Its weight is the share of neighbours
that they have in common (Levine et al. 2015), so chance edges between two groups weigh little.
Modularity is maximised; the number of clusters follows from the resolution.
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
# Passes of the whole algorithm, each of which starts from the clusters of the last.
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
    """Return the cluster of each row of `x` (tracks, d).

    `graph` has its neighbours by `metric` and `balance`. A higher `resolution` gives more clusters.
    """
    nearest = graph.nearest(at_most(neighbours, len(x)))
    if not nearest.indices.size:
        return np.zeros(len(x), dtype=int)
    edges = links(nearest, jaccard(nearest))
    edges = edges.maximum(edges.T).tocsr()
    _, communities = graspologic_native.leiden_csr(
        edges.indptr.astype(np.int64),
        edges.indices.astype(np.int32),
        edges.data,
        len(x),
        resolution=resolution,
        iterations=PASSES,
        seed=seed,
    )
    return np.array([communities[track] for track in range(len(x))])


def jaccard(graph: Graph) -> np.ndarray:
    """Return the Jaccard index of each track's and each neighbour's neighbours: (tracks, k).

    Each track counts as its own neighbour, so no edge has a weight of zero.
    """
    n, k = graph.indices.shape
    circle = np.column_stack([np.arange(n, dtype=graph.indices.dtype), graph.indices])
    shared = np.empty((n, k))
    for place, other in enumerate(graph.indices.T):
        shared[:, place] = (circle[:, :, None] == circle[other][:, None]).sum(axis=(1, 2))
    return shared / (2 * (k + 1) - shared)
