"""Encode labels for training, and choose the artists or songs whose genres are shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def one_hot(labels: list[str | None], classes: list[str]) -> np.ndarray:
    """Encode labels as (tracks, classes) of zeros and ones; a track without one is all zeros."""
    position = {name: column for column, name in enumerate(classes)}
    encoded = np.zeros((len(labels), len(classes)), dtype=np.float32)
    for row, label in enumerate(labels):
        if label in position:
            encoded[row, position[label]] = 1
    return encoded


def labelled(
    units: Sequence[str], genres: Sequence[str | None], share: float, seed: int
) -> np.ndarray:
    """Choose the tracks whose genres are shown, (tracks,) of bool: a `share` of whole units.

    `share` is of the units that have a genre. Every genre gets its share as far as possible, and
    at least one unit. With the same seed, a smaller share is a subset of a larger one.
    """
    listed = labelled_units(units, genres, seed)
    groups = listed.groupby("genre")
    place, size = groups.cumcount(), groups["unit"].transform("size")
    # The first unit of each genre comes first, then all genres advance at the same pace.
    jitter = np.random.default_rng(seed).random(len(listed))
    turn = np.where(place == 0, 0, (place + jitter) / size)
    wanted = max(groups.ngroups, round(share * len(listed))) if share > 0 else 0
    shown = listed["unit"].iloc[np.argsort(turn, kind="stable")[:wanted]]
    return np.isin(np.asarray(units), shown) & pd.notna(np.asarray(genres, dtype=object))


def targets(
    units: Sequence[str],
    genres: Sequence[str | None],
    classes: list[str],
    shares: list[float],
    seeds: list[int],
) -> np.ndarray:
    """Encode the genres shown to each network, (members, tracks, genres) of zeros and ones.

    Parameters
    ----------
    units, genres : (tracks,); None is an unknown genre
    classes : all genres, in the order of the columns
    shares, seeds : of each member (see `labelled`)

    Returns
    -------
    One-hot rows, all zeros where a member is not shown the genre.
    """
    encoded = one_hot(list(genres), classes)
    shown = [labelled(units, genres, *member) for member in zip(shares, seeds, strict=True)]
    return encoded * np.stack(shown)[:, :, np.newaxis]


def labelled_units(units: Sequence[str], genres: Sequence[str | None], seed: int) -> pd.DataFrame:
    """List every unit that has a genre, `unit` and `genre` of its first track, in random order."""
    tracks = pd.DataFrame({"unit": units, "genre": genres}).dropna()
    listed = tracks.drop_duplicates("unit").sort_values("unit", ignore_index=True)
    return listed.iloc[np.random.default_rng(seed).permutation(len(listed))]
