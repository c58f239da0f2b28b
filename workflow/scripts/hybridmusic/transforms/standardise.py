"""Zero mean and unit variance for every column (paper, section 3.2.5)."""

from __future__ import annotations

import numpy as np

from hybridmusic.spaces import scaling

SEVERAL = False
RANDOM = False
NEEDS = ("language",)
COMPILES = False
SETTINGS = {
    "by": {"enum": ["none", "language"], "default": "none"},
}


def transform(x: np.ndarray, seed: int, *, language: np.ndarray, by: str) -> np.ndarray:
    """`x` (tracks, d) scaled as a whole, or the tracks of each language by themselves.

    The latter removes what sets all tracks of a language apart: a remedy for language as a batch
    effect, at the price of what the languages' music really differs by.
    """
    if by == "none":
        return scaling.standardise(x)
    return scaling.within(language, scaling.standardise, x)


def place(
    old: np.ndarray, new: np.ndarray, *, language: tuple[np.ndarray, np.ndarray], by: str
) -> np.ndarray:
    """`new` scaled as `old` was; a language that `old` has not, like all of `old`."""
    if by == "none":
        return scaling.standardise(new, old)
    return scaling.like_within(language[1], scaling.standardise, new, language[0], old)
