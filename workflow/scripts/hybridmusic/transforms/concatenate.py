"""Early fusion: blocks side by side (paper, section 3.2.5)."""

from __future__ import annotations

import numpy as np

SEVERAL = True
RANDOM = False
NEEDS = ()
COMPILES = False
SETTINGS = {}


def transform(blocks: list[np.ndarray], seed: int) -> np.ndarray:
    """Stack blocks of shapes (tracks, d1), (tracks, d2), ... to (tracks, d1 + d2 + ...)."""
    return np.hstack(blocks)


def place(old: list[np.ndarray], new: list[np.ndarray]) -> np.ndarray:
    """New tracks' blocks side by side."""
    return np.hstack(new)
