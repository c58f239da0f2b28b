"""Notes that several tables share: facts that a reader needs to interpret them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from hybridmusic.terms import SONG


def song_level(levels: Iterable[str], songs: pd.Series) -> list[str]:
    """Explain song level if a method of the table is at that level; `songs` is by track."""
    if SONG not in levels:
        return []
    if songs.is_unique:
        return ["Song level: one row for each song. Here every song has one clip, so both agree."]
    return [
        "Song level: all clips of a song share one vector, so each song is clustered and scored as "
        "one row. With fewer rows the chance level of NMI rises, that of ARI does not; differences "
        "are taken on the same tracks, the first clip of each song."
    ]
