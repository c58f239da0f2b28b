"""Table of linear probes: genre and language read from spaces and from recordings."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from hybridmusic.studies.probes import LABELS
from hybridmusic.tables.marks import MARKS, MEANINGS
from hybridmusic.tables.sheet import ABSENT, DOUBT


def table(probes: pd.DataFrame, labels: dict[str, str]) -> pd.DataFrame:
    """Tabulate probes, one row per space, by its marked label, and per trait of recordings."""
    sources = probes.assign(
        source=[
            labels[name] if kind == "space" else f"recording: {name}"
            for kind, name in zip(probes["kind"], probes["name"], strict=True)
        ]
    )
    names = sources["source"].drop_duplicates().to_numpy(dtype=object)
    columns = {"Read from": names}
    for label in LABELS:
        rows = sources[sources["label"] == label].set_index("source").reindex(names)
        name = label.capitalize()
        fields = {name: "accuracy", f"{name} (chance)": "chance", f"p ({label})": "p"}
        columns |= {column: rows[field].to_numpy(dtype=float) for column, field in fields.items()}
    return pd.DataFrame(columns)


def verdicts(probes: pd.DataFrame) -> dict[str, list[str]]:
    """State how well recordings and the best space predict each label, or that it is absent."""
    accuracies, absent = [], []
    for label in LABELS:
        rows = probes[probes["label"] == label]
        if rows.empty:
            absent.append(f"No two kinds of {label} have two songs each, so none can be predicted.")
            continue
        best = []
        for kind, source in (("recording", "the recording alone"), ("space", "the space {}")):
            candidates = rows[rows["kind"].eq(kind) & (rows["name"].eq("all") | (kind == "space"))]
            for row in candidates.nlargest(1, "accuracy").itertuples():
                best.append(f"{row.accuracy:.2f} from {source.format(row.name)} (p {row.p:.3f})")
        chance = f"{1 / rows['classes'].max():.2f} is chance"
        accuracies.append(f"Balanced accuracy of {label}: {', '.join(best)}; {chance}.")
    return {DOUBT: accuracies, ABSENT: absent}


def notes(permutations: int, labels: Iterable[str]) -> list[str]:
    """Explain the columns, and the marks that `labels` of spaces end with, one sentence each."""
    labels = list(labels)
    return [
        "Balanced accuracy of a linear classifier on held-out songs: how well a label can be "
        f"predicted from a space (first seed). Chance and p are from {permutations} shuffles of "
        "the labels over songs. Labels of a single song are left out.",
        "Recording: traits of the file rather than of the music, such as its size, sampling rate, "
        "codec and level. Where they predict a label, a space may predict it without any music.",
        *(
            f"{mark} {MEANINGS[seen]}."
            for seen, mark in MARKS.items()
            if any(label.endswith(mark) for label in labels)
        ),
    ]
