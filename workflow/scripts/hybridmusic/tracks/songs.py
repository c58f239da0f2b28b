"""Rows of song level: one row for each song whose clips share a vector."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from hybridmusic.terms import SONG


def units(songs, level: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of the units of a level, CLIP or SONG, and the number of each clip's unit.

    `rows` (units,) are every clip, or every song by its first clip; `songs` and `number` are
    (tracks,). `x[rows][number]` is `x` where all clips of a unit are alike.
    """
    number = pd.factorize(np.asarray(songs))[0] if level == SONG else np.arange(len(songs))
    return np.unique(number, return_index=True)[1], number


def scored(table: pd.DataFrame, songs: pd.Series, level: str) -> pd.DataFrame:
    """Return the rows of a clustering (with `id`) that are scored at a level; `songs` is by id.

    At song level the first clip represents its song, with its cluster and its labels.
    """
    ids = pd.Index(table["id"].unique())
    return table[table["id"].isin(ids[units(songs.loc[ids], level)[0]])]


def all_scored(
    tables: dict[str, pd.DataFrame], songs: pd.Series, levels: Iterable[str]
) -> dict[str, pd.DataFrame]:
    """Return the rows of several clusterings that are scored at the level of each, by name."""
    named = zip(tables.items(), levels, strict=True)
    return {name: scored(table, songs, level) for (name, table), level in named}
