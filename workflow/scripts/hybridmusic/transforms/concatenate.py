"""Put spaces side by side: early fusion (paper, section 3.2.5)."""

from __future__ import annotations

import numpy as np

SEVERAL = True
RANDOM = False


def transform(x: list[np.ndarray], seed: int) -> np.ndarray:
    """Join spaces of shapes (tracks, d1), (tracks, d2), ... to (tracks, d1 + d2 + ...)."""
    return np.hstack(x)


def place(old: list[np.ndarray], new: list[np.ndarray]) -> np.ndarray:
    """Join the spaces of new tracks."""
    return np.hstack(new)
