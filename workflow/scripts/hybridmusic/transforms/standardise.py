"""Scale each column to zero mean and unit variance (paper, section 3.2.5)."""

from __future__ import annotations

import numpy as np

from hybridmusic.spaces.scaling import standardise
from hybridmusic.transforms._by_language import scaled, scaled_like

SEVERAL = False
RANDOM = False
NEEDS = ("language",)
SETTINGS = {"by": {"enum": ["none", "language"], "default": "none"}}


def transform(x: np.ndarray, seed: int, *, language: np.ndarray, by: str) -> np.ndarray:
    """Standardise `x` (tracks, d) over all tracks, or over those of each language."""
    return scaled(standardise, x, language, by)


def place(
    old: np.ndarray, new: np.ndarray, *, language: tuple[np.ndarray, ...], by: str
) -> np.ndarray:
    """Standardise `new` as the tracks of `old` were."""
    return scaled_like(standardise, old, new, language, by)
