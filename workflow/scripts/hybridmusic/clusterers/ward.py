"""Agglomerative clustering with Ward's linkage."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import AgglomerativeClustering

from hybridmusic.clusterers._links import links
from hybridmusic.spaces.neighbours import Neighbours

RANDOM = False
NEEDS_K = True
GRAPH = "neighbours"
GRAPH_IF = False
BEYOND = "joining only what a graph of neighbours connects"
SETTINGS = {
    "neighbours": {"type": "integer", "minimum": 1, "default": 15},
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
    """Cluster of each row of `x` (tracks, d).

    All pairs of more than `exact_up_to` tracks would not fit into memory: then only neighbours are
    joined, and parts of their graph that nothing connects by their two nearest tracks.
    """
    near = None
    if len(x) > exact_up_to:
        near = links(graph.nearest(neighbours))
        near = near.maximum(near.T)
    ward = AgglomerativeClustering(n_clusters=k, linkage="ward", connectivity=near)
    return ward.fit_predict(x)
