"""Agreement with genre on fewer tracks: no near duplicates, one clip per song, no faulty files."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.evaluation.scores import external_scores

ALL, DISTINCT, SONGS, FAULTLESS = "all", "distinct", "one per song", "without faults"
METRICS = ("nmi", "ari")


def members(ids: pd.Series, tracks: pd.DataFrame, groups: pd.Series) -> dict[str, np.ndarray]:
    """Return which tracks are in each subset, (tracks,) of bool, by the subset's name.

    Of each song the first track is kept, and of each group of songs that are near duplicates all
    tracks of the first song; a track without a group is kept too. In sources that have published
    folds, the tracks without one are those with faults. There is no such subset if no track has a
    fold. `tracks` (with `song`, `source` and `fold`) and `groups` are by id.
    """
    song, group = tracks["song"].loc[ids], groups.reindex(ids)
    first = song.groupby(group).transform("first")
    subsets = {
        ALL: np.ones(len(ids), dtype=bool),
        DISTINCT: (first == song).to_numpy() | group.isna().to_numpy(),
        SONGS: ~song.duplicated().to_numpy(),
    }
    has_fold = tracks["fold"].notna()
    if has_fold.any():
        faulty = ~has_fold & has_fold.groupby(tracks["source"]).transform("any")
        subsets[FAULTLESS] = ~faulty.loc[ids].to_numpy()
    return subsets


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
        for subset, chosen in members(member["id"], tracks, groups).items():
            several = len(set(genres[chosen])) > 1
            scored = external_scores(clusters[chosen], genres[chosen]) if several else {}
            row |= {(metric, subset): scored.get(metric, np.nan) for metric in METRICS}
        scores.append(row)
    return pd.DataFrame(scores).mean().to_dict()
