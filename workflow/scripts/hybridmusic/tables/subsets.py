"""Table of agreement with genre on fewer tracks."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from hybridmusic.studies.subsets import ALL, DISTINCT, FAULTLESS, METRICS, SONGS
from hybridmusic.tables.marks import notes_on_marks
from hybridmusic.tables.sheet import CHECKED


def table(agreements: dict[str, dict], methods: pd.DataFrame) -> pd.DataFrame:
    """Tabulate the scores of each method by metric and subset, as `studies.subsets.agreement`."""
    # The metric changes last in `agreement`.
    keys = sorted(next(iter(agreements.values())), key=lambda key: METRICS.index(key[0]))
    columns = {f"{metric.upper()} ({subset})": (metric, subset) for metric, subset in keys}
    rows = [
        {"Method": row.label, "Task": row.task}
        | {column: agreements[row.name][key] for column, key in columns.items()}
        for row in methods.itertuples(index=False)
    ]
    return pd.DataFrame(rows)


def verdicts(table: pd.DataFrame, counts: dict[str, int]) -> dict[str, list[str]]:
    """State how many tracks each subset has, `counts`, and which method leads on each."""
    sentence = (
        f"Of {counts[ALL]} tracks, {counts[DISTINCT]} remain without near duplicates, and "
        f"{counts[SONGS]} with one clip per song."
    )
    if FAULTLESS in counts:
        sentence += f" {counts[FAULTLESS]} have no faults known to the authors of published folds."
    sentences = [sentence]
    leads = [
        f"{table['Method'][table[column].idxmax()]} ({subset}, {table[column].max():.3f})"
        for subset in counts
        if table[column := f"NMI ({subset})"].notna().any()
    ]
    if leads:
        sentences.append(f"Methods with the highest NMI with genre: {', '.join(leads)}.")
    return {CHECKED: sentences}


def compared_by(compared: pd.Series) -> list[str]:
    """Explain how near duplicates are found, by fingerprints, features or both."""
    silent = int((compared == "features").sum())
    sentences = []
    if silent < len(compared):
        sentences.append(
            "Songs are near duplicates if at least half of the clips of one match clips of the "
            "other by fingerprints, which hardly change with level, noise, encoding or a shift."
        )
    if silent:
        sentences.append(
            f"{silent} of {len(compared)} tracks have no sound to compare: they are near if their "
            "features are equal or nearly so, which misses most re-encodings."
        )
    return sentences


def notes(
    methods: pd.DataFrame, k: int, compared: pd.Series, subsets: Collection[str]
) -> list[str]:
    """Explain the subsets and the scores; `compared` is a column of `near_duplicates`, by track."""
    faults = [
        "Without faults: not the tracks that a published split of their source leaves out, because "
        "they are repeated, distorted or mislabelled."
    ]
    return [
        f"Agreement with genre, k = {k}, means over seeds. Clusters are those of all tracks, "
        "scored on some: distinct, the first song of each group of near duplicates; one per song, "
        "the first clip of each song.",
        *(faults if FAULTLESS in subsets else []),
        *compared_by(compared),
        "With fewer tracks the chance level of NMI rises, that of ARI does not. If both scores "
        "fall, similar tracks had raised them.",
        *notes_on_marks(methods),
    ]
