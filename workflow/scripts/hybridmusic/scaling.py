"""Standardising a block of features (paper, section 3.2.5)."""

from __future__ import annotations

import numpy as np
from sklearn.preprocessing import StandardScaler


def standardise(x: np.ndarray) -> np.ndarray:
    """Zero mean and unit variance per column of `x`, shape (tracks, features), as float32.

    A constant column becomes zeros: it tells tracks apart no better after scaling than before.
    """
    return StandardScaler().fit_transform(np.asarray(x, dtype=np.float64)).astype(np.float32)
