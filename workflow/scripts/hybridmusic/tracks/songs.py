"""Songs in place of clips: one row for each, where a space has one vector for all of its clips."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from hybridmusic.terms import SONG


def units(songs, level: str) -> tuple[np.ndarray, np.ndarray]:
    """What is one row at a level: every clip, or every song by its first clip.

    `songs` (tracks,) names the song of each clip. Returns the rows of the clips that stand for a
    unit, (units,), and the number of each clip's unit, (tracks,): `x[rows][number]` is `x` where
    all clips of a unit are alike.
    """
    number = pd.factorize(np.asarray(songs))[0] if level == SONG else np.arange(len(songs))
    return np.unique(number, return_index=True)[1], number


def scored(table: pd.DataFrame, songs: pd.Series, level: str) -> pd.DataFrame:
    """Of a clustering (with `id`), what is scored at a level; `songs` is by id.

    At song level the first clip stands for its song, with its cluster and its labels.
    """
    ids = pd.Index(table["id"].unique())
    return table[table["id"].isin(ids[units(songs.loc[ids], level)[0]])]


def notes(levels: Iterable[str], songs: pd.Series) -> list[str]:
    """What a reader of a table has to know, where some of its methods are at song level."""
    if SONG not in levels:
        return []
    if songs.is_unique:
        return ["Song level: one row for each song; here every song has one clip, so that is all."]
    return [
        "Song level: all clips of a song are one vector, clustered and scored as one row for each "
        "song. NMI by chance is higher for fewer rows and ARI is not; differences are taken on "
        "the same tracks, the first clip of each song."
    ]
