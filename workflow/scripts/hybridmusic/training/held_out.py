"""Hold songs out of training, and measure errors on them.

Whole songs are held out, because clips of one song are not independent. Training itself imports
nothing from here, so that editing this module does not make trained networks stale.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hybridmusic.errors import InputError
from hybridmusic.training.labels import labelled_songs


def split_songs(songs: list[str], share: float, seed: int) -> np.ndarray:
    """Choose the tracks to hold out, (tracks,) of bool: all clips of a random `share` of songs."""
    # Imported here because squared_error does not need it, and it takes a second.
    from sklearn.model_selection import GroupShuffleSplit

    if len(set(songs)) < 2:
        raise InputError("holding out songs needs at least two songs")
    splitter = GroupShuffleSplit(n_splits=1, test_size=share, random_state=seed)
    _, test = next(splitter.split(songs, groups=songs))
    held_out = np.zeros(len(songs), dtype=bool)
    held_out[test] = True
    return held_out


def split_songs_by_genre(
    songs: Sequence[str], genres: Sequence[str | None], share: float, seed: int
) -> np.ndarray:
    """Choose the tracks to hold out, (tracks,) of bool: about a `share` of each genre's songs.

    At least one song of each genre is held out and at least one stays; a genre's only song stays.
    A song with clips of several genres counts for the genre of its first clip. Tracks without a
    genre stay.
    """
    listed = labelled_songs(songs, genres, seed)
    groups = listed.groupby("genre")
    place, size = groups.cumcount(), groups["song"].transform("size")
    wanted = np.minimum(size - 1, np.maximum(1, np.round(share * size)))
    return np.isin(np.asarray(songs), listed["song"][place < wanted])


def squared_error(x: np.ndarray, reconstruction: np.ndarray) -> np.ndarray:
    """Mean squared error per feature of each seed; both are (seeds, tracks, features)."""
    return ((x - reconstruction) ** 2).mean(axis=(1, 2))
