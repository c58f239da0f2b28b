"""Hold artists or songs out of training, and measure errors on them.

Whole units are held out, because tracks of one artist or song are not independent. Training itself
imports nothing from here, so that editing this module does not make trained networks stale.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hybridmusic.errors import InputError
from hybridmusic.training.labels import labelled_units


def split_units(units: list[str], share: float, seed: int) -> np.ndarray:
    """Choose the tracks to hold out, (tracks,) of bool: all tracks of a random `share` of units."""
    # Imported here because squared_error does not need it, and it takes a second.
    from sklearn.model_selection import GroupShuffleSplit

    if len(set(units)) < 2:
        raise InputError("holding out songs or artists needs at least two")
    splitter = GroupShuffleSplit(n_splits=1, test_size=share, random_state=seed)
    _, test = next(splitter.split(units, groups=units))
    held_out = np.zeros(len(units), dtype=bool)
    held_out[test] = True
    return held_out


def split_units_by_genre(
    units: Sequence[str], genres: Sequence[str | None], share: float, seed: int
) -> np.ndarray:
    """Choose the tracks to hold out, (tracks,) of bool: about a `share` of each genre's units.

    At least one unit of each genre is held out and at least one stays; a genre's only unit stays.
    A unit with tracks of several genres counts for the genre of its first. Tracks without a
    genre stay.
    """
    listed = labelled_units(units, genres, seed)
    groups = listed.groupby("genre")
    place, size = groups.cumcount(), groups["unit"].transform("size")
    wanted = np.minimum(size - 1, np.maximum(1, np.round(share * size)))
    return np.isin(np.asarray(units), listed["unit"][place < wanted])


def squared_error(x: np.ndarray, reconstruction: np.ndarray) -> np.ndarray:
    """Mean squared error per feature of each seed; both are (seeds, tracks, features)."""
    return ((x - reconstruction) ** 2).mean(axis=(1, 2))
