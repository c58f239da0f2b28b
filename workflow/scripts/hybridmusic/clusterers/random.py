"""Draw clusters uniformly at random: a baseline, whose agreement with genre is that of chance."""

from __future__ import annotations

import numpy as np

RANDOM = True
NEEDS_K = True
RULE = None  # new tracks join no cluster, because clusters do not depend on tracks


def cluster(x: np.ndarray, k: int, seed: int) -> np.ndarray:
    """Return one of `k` clusters for each row of `x` (tracks, d), independent of the row."""
    return np.random.default_rng(seed).integers(k, size=len(x))
