"""Put all tracks into one cluster: a baseline, whose purity is the share of the commonest genre."""

from __future__ import annotations

import numpy as np

RANDOM = False
NEEDS_K = False
RULE = None  # new tracks join no cluster, because clusters do not depend on tracks


def cluster(x: np.ndarray, k: None, seed: int) -> np.ndarray:
    """Return zero for each row of `x` (tracks, d)."""
    return np.zeros(len(x), dtype=int)
