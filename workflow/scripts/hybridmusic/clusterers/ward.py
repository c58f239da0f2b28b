"""Agglomerative clustering with Ward's linkage."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import AgglomerativeClustering
from sklearn.neighbors import kneighbors_graph

RANDOM = False
NEEDS_K = True
BEYOND = "joining only what a graph of 15 neighbours connects"
SETTINGS = {
    "exact_up_to": {"type": "integer", "minimum": 1, "default": 10000},
}
NEIGHBOURS = 15


def cluster(x: np.ndarray, k: int, seed: int, *, exact_up_to: int = 10000) -> np.ndarray:
    """Cluster of each row of `x` (tracks, d).

    All pairs of more than `exact_up_to` tracks would not fit into memory: then only neighbours are
    joined, and parts of their graph that nothing connects by their two nearest tracks.
    """
    graph = None if len(x) <= exact_up_to else kneighbors_graph(x, NEIGHBOURS)
    if graph is not None:
        graph = graph.maximum(graph.T)
    ward = AgglomerativeClustering(n_clusters=k, linkage="ward", connectivity=graph)
    return ward.fit_predict(x)
