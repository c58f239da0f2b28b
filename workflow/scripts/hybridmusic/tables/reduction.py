"""The table of clusterings of spaces as they are and reduced, and of what reduction changes."""

from __future__ import annotations

import pandas as pd

from hybridmusic import kinds
from hybridmusic.tables.marks import MARKS, MEANINGS
from hybridmusic.tables.sheet import UNDEFINED, joined
from hybridmusic.terms import AS_IS, ELSEWHERE, GENRE

# Names of reductions, by kind of transform.
NAMES = {AS_IS: "as it is", "pca": "PCA", "umap": "UMAP"}
COLUMNS = {"nmi": "NMI", "ari": "ARI", "silhouette": "Silhouette"}
SCORES = [f"{name}{part}" for name in COLUMNS.values() for part in ("", " change")]
FULL = [
    *("Clusterer", "Space", "Reduction", "Clusters"),
    *(f"{name}{end}" for name in SCORES for end in ("", " low", " high")),
]
# Metrics that a verdict needs to change together, by what they measure.
MEASURED = {"the Silhouette": ["silhouette"], "agreement with genre": ["nmi", "ari"]}
NOTHING = "There are fewer than two genres, so there is no agreement that a reduction could raise."


def table(scores: pd.DataFrame, labels: dict[str, str]) -> pd.DataFrame:
    """Tabulate `reduction` scores, each with its interval and change, in the columns FULL.

    There is a row for each clusterer, space and reduction; spaces are in the order of `labels`.
    """
    ordered = {
        "clusterer": scores["clusterer"].unique(),
        "space": list(labels),
        "reduction": list(NAMES),
    }
    by = [pd.Categorical(scores[name], categories) for name, categories in ordered.items()]
    rows = []
    for (clusterer, space, reduction), group in scores.groupby(by, observed=True):
        by_metric = group.set_index("metric")
        row = {"Clusterer": clusterer, "Space": labels[space], "Reduction": NAMES[reduction]}
        row["Clusters"] = by_metric.loc["n_clusters", "value"]
        for metric, name in COLUMNS.items():
            score = by_metric.loc[metric]
            row |= {name: score["value"], f"{name} change": score["change"]}
            for end in ("low", "high"):
                row |= {f"{name} {end}": score[end], f"{name} change {end}": score[f"change_{end}"]}
        rows.append(row)
    return pd.DataFrame(rows, columns=FULL)


def shown(full: pd.DataFrame) -> pd.DataFrame:
    """Return the table for readers, with the changes beyond their intervals in words."""
    words = [_in_words(row) for row in full.to_dict("records")]
    changes = [name for name in full if " change" in name]
    return joined(full.drop(columns=changes)).assign(Change=words)


def _in_words(row: dict) -> str:
    if row["Reduction"] == NAMES[AS_IS]:
        return UNDEFINED
    words = [f"{name} up" for name in COLUMNS.values() if row[f"{name} change low"] > 0]
    words += [f"{name} down" for name in COLUMNS.values() if row[f"{name} change high"] < 0]
    return ", ".join(words) or "within intervals"


def verdicts(changes: pd.DataFrame) -> list[str]:
    """Say what each reduction changed; `changes` is of the kind `reduction_changes`."""
    groups = changes.groupby(["clusterers", "reduction"], sort=False)
    return [verdict(rows) for _, rows in groups]


def verdict(changes: pd.DataFrame) -> str:
    """Say whether one reduction raises agreement or only the Silhouette.

    `changes` are its rows of the kind `reduction_changes` for some clusterers. Agreement rises if
    both NMI and ARI do, each by an interval that is wholly above 0.
    """
    rows = changes.set_index("metric")
    first, up, down = rows.iloc[0], rows["low"] > 0, rows["high"] < 0
    by_verb: dict[str, list[str]] = {}
    for name, metrics in MEASURED.items():
        if set(metrics) <= set(rows.index):
            verb = "raises" if up[metrics].all() else "does not clearly change"
            verb = "lowers" if down[metrics].all() else verb
            by_verb.setdefault(verb, []).append(name)
    effect = " and ".join(f"{verb} {' and '.join(names)}" for verb, names in by_verb.items())
    means = [
        f"{COLUMNS[metric]} {row['change']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f}; "
        f"{row['rises']} of {row['compared']} rise, {row['falls']} fall)"
        for metric, row in rows.iterrows()
    ]
    subject = f"{NAMES[first['reduction']]} before {first['clusterers']}"
    return f"{subject} on average {effect}: {', '.join(means)}."


def notes(labels: dict[str, str], clusterers: list[str], k: int) -> list[str]:
    """Explain the table of spaces with these marked `labels`, one sentence each."""
    variance = kinds.settings("transforms", "pca", {})["variance"]
    dimensions = kinds.settings("transforms", "umap", {})["dimensions"]
    sentences = [
        f"PCA keeps {variance:.0%} of the variance, UMAP {dimensions} dimensions; k = {k}. Means "
        "over seeds. Intervals are of 90 % over songs, those of changes are paired. A combination "
        "of a space and a clusterer rises or falls if its own interval is wholly above or below 0. "
        "Everything is measured on the tracks with a genre, the Silhouette in the space that was "
        "clustered.",
        "Silhouettes of different spaces do not compare: a higher one says nothing about genre. "
        "The chance level of NMI grows with the number of clusters; that of ARI does not.",
    ]
    if "dbscan" in clusterers:
        sentences.append(
            "DBSCAN finds its number of clusters itself. Its radius is the knee of the sorted "
            "k-distances in each space, because no single radius suits all. Noise is one cluster "
            "more."
        )
    for condition, end in ((GENRE, ", and is left out of the means"), (ELSEWHERE, "")):
        mark = MARKS[condition]
        if named := [label for label in labels.values() if label.endswith(mark)]:
            sentences.append(f"{mark} {MEANINGS[condition]}{end}: {', '.join(named)}.")
    return sentences
