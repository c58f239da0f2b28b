"""Take the largest column as the cluster: a classifier's decision, whose columns are classes."""

from __future__ import annotations

import numpy as np

RANDOM = False
NEEDS_K = False


def cluster(x: np.ndarray, k: None, seed: int) -> np.ndarray:
    """Return the largest column of each row of `x` (tracks, d), the first of equal ones."""
    return x.argmax(axis=1)
