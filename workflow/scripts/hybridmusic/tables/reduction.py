"""The table of what reducing a space before clustering changes, and what it says in words."""

from __future__ import annotations

import pandas as pd

from hybridmusic import kinds
from hybridmusic.studies.reduction import AS_IS, NAMES
from hybridmusic.tables.marks import MARK, MARKS, MEANINGS
from hybridmusic.tables.sheet import UNDEFINED, joined
from hybridmusic.terms import ELSEWHERE

COLUMNS = {"nmi": "NMI", "ari": "ARI", "silhouette": "Silhouette"}
SCORED = [f"{name}{of}" for name in COLUMNS.values() for of in ("", " change")]
FULL = [
    *("Clusterer", "Space", "Reduction", "Clusters"),
    *(f"{name}{end}" for name in SCORED for end in ("", " low", " high")),
]
SAID_OF = {"the Silhouette": ["silhouette"], "agreement with genre": ["nmi", "ari"]}
NOTHING = "There are fewer than two genres, so there is no agreement that a reduction could raise."


def table(scores: pd.DataFrame, labels: dict[str, str]) -> pd.DataFrame:
    """One row per clusterer, space and reduction, with every score, its interval and its change.

    `scores` is of the kind `reduction`; `labels` names its spaces, in the table's order.
    """
    ordered = {
        "clusterer": scores["clusterer"].unique(),
        "space": list(labels),
        "reduction": list(NAMES),
    }
    by = [pd.Categorical(scores[name], categories) for name, categories in ordered.items()]
    rows = []
    for (clusterer, space, reduction), found in scores.groupby(by, observed=True):
        of = found.set_index("metric")
        row = {"Clusterer": clusterer, "Space": labels[space], "Reduction": NAMES[reduction]}
        row["Clusters"] = of.loc["n_clusters", "value"]
        for metric, name in COLUMNS.items():
            measured = of.loc[metric]
            row |= {name: measured["value"]}
            row |= {f"{name} {end}": measured[end] for end in ("low", "high")}
            row |= {f"{name} change": measured["change"]}
            row |= {f"{name} change {end}": measured[f"change_{end}"] for end in ("low", "high")}
        rows.append(row)
    return pd.DataFrame(rows, columns=FULL)


def shown(full: pd.DataFrame) -> pd.DataFrame:
    """The table for readers: the changes in words, where they are beyond their intervals."""
    words = [_in_words(row) for row in full.to_dict("records")]
    changes = [name for name in full if " change" in name]
    return joined(full.drop(columns=changes)).assign(Change=words)


def _in_words(row: dict) -> str:
    if row["Reduction"] == NAMES[AS_IS]:
        return UNDEFINED
    said = [f"{name} up" for name in COLUMNS.values() if row[f"{name} change low"] > 0]
    said += [f"{name} down" for name in COLUMNS.values() if row[f"{name} change high"] < 0]
    return ", ".join(said) or "within intervals"


def verdicts(changes: pd.DataFrame) -> list[str]:
    """In words, what each reduction changed; `changes` is of the kind `reduction_changes`."""
    groups = changes.groupby(["clusterers", "reduction"], sort=False)
    return [verdict(rows) for _, rows in groups]


def notes(labels: dict[str, str], clusterers: list[str], k: int) -> list[str]:
    """What a reader of the table has to know, one sentence each."""
    saw = [label for label in labels.values() if label.endswith(MARK)]
    variance = kinds.settings("transforms", "pca", {})["variance"]
    dimensions = kinds.settings("transforms", "umap", {})["dimensions"]
    found = [
        f"PCA keeps {variance:.0%} of the variance, UMAP {dimensions} dimensions; k = {k}. Means "
        "over seeds; intervals are of 90 % over songs, those of changes paired. Those combinations "
        "of a space and a clusterer rise or fall whose own interval is on one side of 0. All is "
        "measured on the tracks with a genre, and the Silhouette in what was clustered.",
        "Silhouettes of different spaces do not compare: that one rises says nothing of genre. "
        "NMI by chance grows with the number of clusters; ARI does not.",
    ]
    if "dbscan" in clusterers:
        found.append(
            "DBSCAN finds its number of clusters itself. Its radius is the knee of the sorted "
            "k-distances in each space, for no one radius suits all; noise is one cluster more."
        )
    if saw:
        found.append(f"{MARK} {MEANINGS['genre']}, and is left out of the means: {', '.join(saw)}.")
    mark = MARKS[ELSEWHERE]
    if brought := [label for label in labels.values() if label.endswith(mark)]:
        found.append(f"{mark} {MEANINGS[ELSEWHERE]}: {', '.join(brought)}.")
    return found


def verdict(changes: pd.DataFrame) -> str:
    """In words, whether one reduction raises agreement or only the Silhouette.

    `changes` are its rows of the kind `reduction_changes` for some clusterers. Agreement rises
    where both NMI and ARI do, by an interval that is whole above 0.
    """
    rows = changes.set_index("metric")
    first, up, down = rows.iloc[0], rows["low"] > 0, rows["high"] < 0
    said: dict[str, list[str]] = {}
    for what, metrics in SAID_OF.items():
        if set(metrics) <= set(rows.index):
            verb = "raises" if up[metrics].all() else "does not clearly change"
            verb = "lowers" if down[metrics].all() else verb
            said.setdefault(verb, []).append(what)
    does = " and ".join(f"{verb} {' and '.join(what)}" for verb, what in said.items())
    means = [
        f"{COLUMNS[metric]} {row['change']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f}; "
        f"{row['rises']} of {row['compared']} rise, {row['falls']} fall)"
        for metric, row in rows.iterrows()
    ]
    what = f"{NAMES[first['reduction']]} before {first['clusterers']}"
    return f"{what} on average {does}: {', '.join(means)}."
