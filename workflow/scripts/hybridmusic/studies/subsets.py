"""Agreement with genre on fewer tracks: without near duplicates, and with one clip per song."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.clusterings.table import of_k
from hybridmusic.evaluation.scores import external_scores
from hybridmusic.tables.marks import notes_on_marks

ALL, DISTINCT, SONGS = SUBSETS = ("all", "distinct", "one per song")
METRICS = ("NMI", "ARI")


def subsets(ids: pd.Series, songs: pd.Series, groups: pd.Series) -> dict[str, np.ndarray]:
    """Which of `ids` (tracks,) are in each subset, (tracks,) of bool, by the subset's name.

    `songs` and `groups`, those of near duplicates, are by id; of each the first track is kept. A
    track that `groups` does not know is like no other.
    """
    group = groups.reindex(ids)
    return {
        ALL: np.ones(len(ids), dtype=bool),
        DISTINCT: ~group.duplicated().to_numpy() | group.isna().to_numpy(),
        SONGS: ~songs.loc[ids].duplicated().to_numpy(),
    }


def agreement(clustering: pd.DataFrame, tracks: pd.DataFrame, groups: pd.Series) -> dict:
    """NMI and ARI of a clustering with genre on every subset, means over seeds, by column.

    `tracks`, by id, has `genre` and `song`; those without a genre are left out. NaN where there
    are fewer than two genres.
    """
    found = []
    for _, member in clustering.groupby("seed"):
        member = member[tracks["genre"].loc[member["id"]].notna().to_numpy()]
        genres = tracks["genre"].loc[member["id"]].to_numpy()
        clusters = member["cluster"].to_numpy()
        row = {}
        for name, chosen in subsets(member["id"], tracks["song"], groups).items():
            several = len(set(genres[chosen])) > 1
            scored = external_scores(clusters[chosen], genres[chosen]) if several else {}
            row |= {f"{metric} ({name})": scored.get(metric.lower(), np.nan) for metric in METRICS}
        found.append(row)
    columns = [f"{metric} ({name})" for metric in METRICS for name in SUBSETS]
    return pd.DataFrame(found).mean()[columns].to_dict()


def tabulated(
    clusterings: dict[str, pd.DataFrame],
    methods: pd.DataFrame,
    k: int,
    tracks: pd.DataFrame,
    groups: pd.Series,
) -> pd.DataFrame:
    """One row per method of `methods`, with `name`, `label` and `task`, for `k` clusters."""
    rows = [
        {"Method": row.label, "Task": row.task}
        | agreement(of_k(clusterings[row.name], k), tracks, groups)
        for row in methods.itertuples(index=False)
    ]
    return pd.DataFrame(rows)


def verdicts(table: pd.DataFrame, counts: dict[str, int]) -> list[str]:
    """In words, how many tracks each subset has (`counts`), and which method leads on each."""
    told = (
        f"Of {counts[ALL]} tracks {counts[DISTINCT]} are left without near duplicates, and "
        f"{counts[SONGS]} with one clip of each song"
    )
    leads = [
        f"{table['Method'][table[column].idxmax()]} ({name}, {table[column].max():.3f})"
        for name in SUBSETS
        if table[column := f"NMI ({name})"].notna().any()
    ]
    if not leads:
        return [f"{told}."]
    return [f"{told}; the highest NMI with genre has {', '.join(leads)}."]


def notes(methods: pd.DataFrame, k: int) -> list[str]:
    """What a reader of the table has to know, one sentence each."""
    found = [
        f"Agreement with genre, k = {k}, means over seeds, of clusters found on all tracks and "
        "compared on some: distinct, one of every group of near duplicates; one per song, the "
        "first clip of each.",
        "NMI by chance rises where tracks are fewer, ARI does not: what falls in both was lent by "
        "tracks that are alike.",
    ]
    return [*found, *notes_on_marks(methods)]
