"""Map each column to a standard normal by ranks: robust to outliers and to skew."""

from __future__ import annotations

import numpy as np

from hybridmusic.spaces.scaling import quantile_normal
from hybridmusic.transforms._by_language import scaled, scaled_like

SEVERAL = False
RANDOM = False
NEEDS = ("language",)
SETTINGS = {"by": {"enum": ["none", "language"], "default": "none"}}


def transform(x: np.ndarray, seed: int, *, language: np.ndarray, by: str) -> np.ndarray:
    """Map each column of `x` (tracks, d) by ranks among all tracks or those of its language."""
    return scaled(quantile_normal, x, language, by)


def place(
    old: np.ndarray, new: np.ndarray, *, language: tuple[np.ndarray, ...], by: str
) -> np.ndarray:
    """Map `new` as the tracks of `old` were mapped."""
    return scaled_like(quantile_normal, old, new, language, by)
