"""Cluster agglomeratively with Ward's linkage."""

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
SETTINGS = {"neighbours": {"type": "integer", "minimum": 1, "default": 15}}


def cluster(
    x: np.ndarray, k: int, seed: int, *, graph: Neighbours, neighbours: int, exact_up_to: int
) -> np.ndarray:
    """Return the cluster of each row of `x` (tracks, d).

    All pairs of more than `exact_up_to` tracks do not fit into memory. Then only neighbours are
    joined, and unconnected parts of their graph by their two nearest tracks.
    """
    edges = None
    if len(x) > exact_up_to:
        edges = links(graph.nearest(neighbours))
        edges = edges.maximum(edges.T)
    ward = AgglomerativeClustering(n_clusters=k, linkage="ward", connectivity=edges)
    return ward.fit_predict(x)
