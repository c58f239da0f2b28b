"""The table of clusterings of spaces as they are and reduced, and of what reduction changes."""

from __future__ import annotations

import pandas as pd

from hybridmusic import kinds
from hybridmusic.tables.marks import MARKS, MEANINGS
from hybridmusic.tables.notes import GIVEN_CLUSTERS
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
MAJORITY = 0.5  # a larger share of the spaces has to move for a verdict
ROUNDING = 1e-9  # scores of equal clusters differ by less, if their clusters are in another order
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
    words = [f"{name} up" for name in COLUMNS.values() if row[f"{name} change low"] > ROUNDING]
    words += [f"{name} down" for name in COLUMNS.values() if row[f"{name} change high"] < -ROUNDING]
    return ", ".join(words) or "within intervals"


def verdicts(changes: pd.DataFrame) -> list[str]:
    """Say what each reduction changed; `changes` is of the kind `reduction_changes`."""
    groups = changes.groupby(["clusterers", "reduction"], sort=False)
    return [verdict(rows) for _, rows in groups]


def verdict(changes: pd.DataFrame) -> str:
    """Say whether one reduction raises agreement or only the Silhouette, and in which spaces.

    `changes` are its rows of the kind `reduction_changes` for some clusterers. The
    typical change is the median over spaces, because one space may decide a mean.
    """
    by_metric = changes.pivot(index="space", columns="metric").reindex(changes["space"].unique())
    low, high = by_metric["change_low"], by_metric["change_high"]
    signs = (low > ROUNDING).astype(int) - (high < -ROUNDING)
    effects = [
        _effect(name, signs.loc[low[metrics].notna().all(axis=1), metrics])
        for name, metrics in MEASURED.items()
        if set(metrics) <= set(low)
    ]
    medians = [
        f"{COLUMNS[metric]} {values.median():+.3f} "
        f"({(signs[metric] > 0).sum()} of {values.count()} rise, {(signs[metric] < 0).sum()} fall)"
        for metric, values in by_metric["change"].reindex(columns=list(COLUMNS)).items()
        if metric in low
    ]
    first = changes.iloc[0]
    subject = f"{NAMES[first['reduction']]} before {first['clusterers']}"
    return f"{subject} {' and '.join(effects)}; median over spaces: {', '.join(medians)}."


def _effect(name: str, signs: pd.DataFrame) -> str:
    """Say in which direction all that measures `name` moves, (spaces, metrics) of -1, 0 or 1.

    It rises if every metric does in more than half of the spaces, and none falls in any; likewise
    it falls.
    """
    up, down = signs.eq(1), signs.eq(-1)
    rises, falls = up.all(axis=1), down.all(axis=1)
    if rises.mean() > MAJORITY and not down.any(axis=None):
        return f"raises {name}"
    if falls.mean() > MAJORITY and not up.any(axis=None):
        return f"lowers {name}"
    moves = [_spaces(verb, moved) for verb, moved in (("up", up), ("down", down))]
    where = "; ".join(filter(None, moves))
    if (rises.any() and down.any(axis=None)) or (falls.any() and up.any(axis=None)):
        return f"changes {name} depending on the space ({where})"
    return f"does not clearly change {name}" + (f" ({where})" if where else "")


def _spaces(verb: str, moved: pd.DataFrame) -> str:
    """Name the spaces in which all metrics moved, and those in which one alone did."""
    wholly = moved.all(axis=1)
    places = {"": moved.index[wholly]}
    places |= {
        f" by {COLUMNS[metric]} alone": moved.index[moved[metric] & ~wholly] for metric in moved
    }
    named = [f"in {', '.join(spaces)}{by}" for by, spaces in places.items() if len(spaces)]
    return f"{verb} {', '.join(named)}" if named else ""


def notes(labels: dict[str, str], clusterers: list[str], k: int) -> list[str]:
    """Explain the table of spaces with these marked `labels`, one sentence each."""
    variance = kinds.settings("transforms", "pca", {})["variance"]
    dimensions = kinds.settings("transforms", "umap", {})["dimensions"]
    sentences = [
        f"PCA keeps {variance:.0%} of the variance, UMAP {dimensions} dimensions; k = {k}. Means "
        "over seeds. Everything is measured on the tracks with a genre, the Silhouette in the "
        "space that was clustered.",
        f"{GIVEN_CLUSTERS} Those of changes are paired.",
        "A space rises or falls if the interval of its change, the mean over the clusterers, is "
        "wholly above or below 0. A reduction raises or lowers a score if more than half of the "
        "spaces move that way and none the other way; agreement needs both NMI and ARI. Spaces are "
        "made from the same tracks and from each other: they are not independent, and many that "
        "agree are not as many confirmations.",
        "Silhouettes of different spaces do not compare: a higher one says nothing about genre. "
        "The chance level of NMI grows with the number of clusters; that of ARI does not.",
    ]
    if "dbscan" in clusterers:
        sentences.append(
            "DBSCAN finds its number of clusters itself. Its radius is the knee of the sorted "
            "k-distances in each space, because no single radius suits all. Noise is one cluster "
            "more."
        )
    for condition, end in ((GENRE, ", and is left out of the medians and counts"), (ELSEWHERE, "")):
        mark = MARKS[condition]
        if named := [label for label in labels.values() if label.endswith(mark)]:
            sentences.append(f"{mark} {MEANINGS[condition]}{end}: {', '.join(named)}.")
    return sentences
