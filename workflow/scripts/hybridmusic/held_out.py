"""Holding out whole songs, because clips of one song are not independent."""

from __future__ import annotations

import numpy as np

from hybridmusic.errors import InputError


def split_songs(songs: list[str], share: float, seed: int) -> np.ndarray:
    """Which tracks to hold out, (tracks,) of bool: all clips of a random `share` of the songs."""
    # Imported here, because what only measures errors need not wait a second for it.
    from sklearn.model_selection import GroupShuffleSplit

    if len(set(songs)) < 2:
        raise InputError("holding out songs needs at least two songs")
    splitter = GroupShuffleSplit(n_splits=1, test_size=share, random_state=seed)
    _, test = next(splitter.split(songs, groups=songs))
    held_out = np.zeros(len(songs), dtype=bool)
    held_out[test] = True
    return held_out


def squared_error(x: np.ndarray, reconstruction: np.ndarray) -> np.ndarray:
    """Mean squared error per feature of each seed; both are (seeds, tracks, features)."""
    return ((x - reconstruction) ** 2).mean(axis=(1, 2))
