"""Map each column to a standard normal by ranks: robust to outliers and to skew."""

from __future__ import annotations

import numpy as np

from hybridmusic.spaces import scaling

SEVERAL = False
RANDOM = False
NEEDS = ("language",)
SETTINGS = {
    "by": {"enum": ["none", "language"], "default": "none"},
}


def transform(x: np.ndarray, seed: int, *, language: np.ndarray, by: str) -> np.ndarray:
    """Scale `x` (tracks, d) as a whole, or the tracks of each language separately.

    Separate scaling removes what all tracks of a language have in common. It is a remedy for
    language as a batch effect, and also removes real differences between the languages' music.
    """
    if by == "none":
        return scaling.quantile_normal(x)
    return scaling.within(language, scaling.quantile_normal, x)


def place(
    old: np.ndarray, new: np.ndarray, *, language: tuple[np.ndarray, np.ndarray], by: str
) -> np.ndarray:
    """Scale `new` like `old`; a language that `old` lacks, like all of `old`."""
    if by == "none":
        return scaling.quantile_normal(new, old)
    return scaling.like_within(language[1], scaling.quantile_normal, new, language[0], old)
