"""Agreement with genre on fewer tracks: without near duplicates, and with one clip per song."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.evaluation.scores import external_scores

ALL, DISTINCT, SONGS = SUBSETS = ("all", "distinct", "one per song")
METRICS = ("nmi", "ari")


def members(ids: pd.Series, songs: pd.Series, groups: pd.Series) -> dict[str, np.ndarray]:
    """Return which tracks are in each subset, (tracks,) of bool, by the subset's name.

    Of each song the first track is kept, and of each group of songs that are near duplicates all
    tracks of the first song. `songs` and `groups` are by id; a track without a group is kept too.
    """
    song, group = songs.loc[ids], groups.reindex(ids)
    first = song.groupby(group).transform("first")
    return {
        ALL: np.ones(len(ids), dtype=bool),
        DISTINCT: (first == song).to_numpy() | group.isna().to_numpy(),
        SONGS: ~song.duplicated().to_numpy(),
    }


def agreement(
    clustering: pd.DataFrame, tracks: pd.DataFrame, groups: pd.Series
) -> dict[tuple[str, str], float]:
    """Score a clustering for one k against genre on every subset: means over seeds.

    `groups` are of near duplicates (see `members`). Tracks without a genre are left out. NaN if
    there are fewer than two genres.
    """
    scores = []
    for _, member in clustering.groupby("seed"):
        member = member[tracks["genre"].loc[member["id"]].notna().to_numpy()]
        genres = tracks["genre"].loc[member["id"]].to_numpy()
        clusters = member["cluster"].to_numpy()
        row = {}
        for subset, chosen in members(member["id"], tracks["song"], groups).items():
            several = len(set(genres[chosen])) > 1
            scored = external_scores(clusters[chosen], genres[chosen]) if several else {}
            row |= {(metric, subset): scored.get(metric, np.nan) for metric in METRICS}
        scores.append(row)
    return pd.DataFrame(scores).mean().to_dict()
