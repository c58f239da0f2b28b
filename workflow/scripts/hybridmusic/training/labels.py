"""Which songs a genre is told of, and which are held out from whoever learns from them.

Whole songs are held out, because clips of one song are not independent.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

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


def one_hot(labels: list[str | None], classes: list[str]) -> np.ndarray:
    """(tracks, classes) of zeros and ones; a track without a label gets a row of zeros."""
    position = {name: column for column, name in enumerate(classes)}
    encoded = np.zeros((len(labels), len(classes)), dtype=np.float32)
    for row, label in enumerate(labels):
        if label in position:
            encoded[row, position[label]] = 1
    return encoded


def split(
    songs: Sequence[str], genres: Sequence[str | None], held_out: float, seed: int
) -> np.ndarray:
    """Which tracks to hold out, (tracks,) of bool: all of about this share of each genre's songs.

    At least one song of each genre, but for the last one that is left to learn from. A song with
    clips of several genres counts as one of its first clip's, and tracks without a genre stay.
    """
    listed = _listed(songs, genres, seed)
    groups = listed.groupby("genre")
    place, size = groups.cumcount(), groups["song"].transform("size")
    wanted = np.minimum(size - 1, np.maximum(1, np.round(held_out * size)))
    return np.isin(np.asarray(songs), listed["song"][place < wanted])


def labelled(
    songs: Sequence[str], genres: Sequence[str | None], share: float, seed: int
) -> np.ndarray:
    """Which tracks are told, (tracks,) of bool: those of a `share` of the songs that have a genre.

    Genres have their share each as far as that goes, and at least one song. With one seed, those
    of a smaller share are among those of a larger one. No track without a genre is told.
    """
    listed = _listed(songs, genres, seed)
    groups = listed.groupby("genre")
    place, size = groups.cumcount(), groups["song"].transform("size")
    # The first song of each genre comes first, then all genres at the same pace.
    jitter = np.random.default_rng(seed).random(len(listed))
    turn = np.where(place == 0, 0, (place + jitter) / size)
    wanted = max(groups.ngroups, round(share * len(listed))) if share > 0 else 0
    told = listed["song"].iloc[np.argsort(turn, kind="stable")[:wanted]]
    return np.isin(np.asarray(songs), told) & pd.notna(np.asarray(genres, dtype=object))


def targets(
    songs: Sequence[str], genres: Sequence[str | None], shares: list[float], seeds: list[int]
) -> np.ndarray:
    """Genres as zeros and ones, a row of zeros where they are not told, (members, tracks, genres).

    There is a member for each of `shares` with its seed of `seeds`, which has as many.
    """
    classes = sorted({genre for genre in genres if pd.notna(genre)})
    encoded = one_hot(list(genres), classes)
    told = [labelled(songs, genres, *member) for member in zip(shares, seeds, strict=True)]
    return encoded * np.stack(told)[:, :, np.newaxis]


def _listed(songs: Sequence[str], genres: Sequence[str | None], seed: int) -> pd.DataFrame:
    """Each song that has a genre, `song` and `genre`, in random order."""
    tracks = pd.DataFrame({"song": songs, "genre": genres}).dropna()
    listed = tracks.drop_duplicates("song").sort_values("song", ignore_index=True)
    return listed.iloc[np.random.default_rng(seed).permutation(len(listed))]
