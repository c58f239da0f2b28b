"""Scale all tracks together, or those of each language separately.

Separate scaling removes what all tracks of a language have in common. It is a remedy for language
as a batch effect, and also removes real differences between the languages' music.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hybridmusic.spaces import scaling


def scaled(scale: Callable, x: np.ndarray, language: np.ndarray, by: str) -> np.ndarray:
    """Apply a `scale` of `hybridmusic.spaces.scaling` to `x` (tracks, d)."""
    return scale(x) if by == "none" else scaling.within(language, scale, x)


def scaled_like(
    scale: Callable, old: np.ndarray, new: np.ndarray, language: tuple[np.ndarray, ...], by: str
) -> np.ndarray:
    """Scale `new` like `old`; a language that `old` lacks, like all of `old`."""
    if by == "none":
        return scale(new, old)
    return scaling.like_within(language[1], scale, new, language[0], old)
