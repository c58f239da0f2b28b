"""Graphs of neighbours as sparse matrices."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from hybridmusic.spaces.neighbours import Graph


def links(graph: Graph, weights: np.ndarray | None = None) -> csr_array:
    """Return a graph as a matrix (tracks, tracks) of `weights` (tracks, k), or of ones."""
    n, k = graph.indices.shape
    values = np.ones(n * k) if weights is None else weights.ravel()
    # scikit-learn accepts 32-bit indices only.
    rows = np.arange(n + 1, dtype=np.int32) * np.int32(k)
    return csr_array((values, graph.indices.ravel(), rows), shape=(n, n))
