"""A graph of neighbours as a matrix."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from hybridmusic.spaces.neighbours import Graph


def links(near: Graph, weights: np.ndarray | None = None) -> csr_array:
    """Each track's neighbours as a row of (tracks, tracks): `weights` (tracks, k), or ones."""
    n, k = near.indices.shape
    values = np.ones(n * k) if weights is None else weights.ravel()
    # Of 32 bits, as scikit-learn wants them.
    rows = np.arange(n + 1, dtype=np.int32) * np.int32(k)
    return csr_array((values, near.indices.ravel(), rows), shape=(n, n))
