"""Encode labels for training, and choose the songs whose genres a network is shown."""

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
    songs: Sequence[str], genres: Sequence[str | None], share: float, seed: int
) -> np.ndarray:
    """Choose the tracks whose genres are shown, (tracks,) of bool: all clips of a `share` of songs.

    `share` is of the songs that have a genre. Every genre gets its share as far as possible, and
    at least one song. With the same seed, a smaller share is a subset of a larger one.
    """
    listed = labelled_songs(songs, genres, seed)
    groups = listed.groupby("genre")
    place, size = groups.cumcount(), groups["song"].transform("size")
    # The first song of each genre comes first, then all genres advance at the same pace.
    jitter = np.random.default_rng(seed).random(len(listed))
    turn = np.where(place == 0, 0, (place + jitter) / size)
    wanted = max(groups.ngroups, round(share * len(listed))) if share > 0 else 0
    shown = listed["song"].iloc[np.argsort(turn, kind="stable")[:wanted]]
    return np.isin(np.asarray(songs), shown) & pd.notna(np.asarray(genres, dtype=object))


def targets(
    songs: Sequence[str],
    genres: Sequence[str | None],
    classes: list[str],
    shares: list[float],
    seeds: list[int],
) -> np.ndarray:
    """Encode the genres shown to each network, (members, tracks, genres) of zeros and ones.

    Parameters
    ----------
    songs, genres : (tracks,); None is an unknown genre
    classes : all genres, in the order of the columns
    shares, seeds : of each member (see `labelled`)

    Returns
    -------
    One-hot rows, all zeros where a member is not shown the genre.
    """
    encoded = one_hot(list(genres), classes)
    shown = [labelled(songs, genres, *member) for member in zip(shares, seeds, strict=True)]
    return encoded * np.stack(shown)[:, :, np.newaxis]


def labelled_songs(songs: Sequence[str], genres: Sequence[str | None], seed: int) -> pd.DataFrame:
    """List every song that has a genre, `song` and `genre` of its first clip, in random order."""
    tracks = pd.DataFrame({"song": songs, "genre": genres}).dropna()
    listed = tracks.drop_duplicates("song").sort_values("song", ignore_index=True)
    return listed.iloc[np.random.default_rng(seed).permutation(len(listed))]
