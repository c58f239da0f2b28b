"""The column that is largest: what a classifier decides on, where columns are its classes."""

from __future__ import annotations

import numpy as np

RANDOM = False
NEEDS_K = False
SETTINGS = {}


def cluster(x: np.ndarray, k: None, seed: int) -> np.ndarray:
    """The largest column of each row of `x` (tracks, d), the first of equal ones."""
    return x.argmax(axis=1)
