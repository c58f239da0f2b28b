"""Small tables of scores of three methods, one of which finds its number of clusters itself."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.tables.scores import EXTERNAL, INTERNAL

METHODS = pd.DataFrame(
    {
        "name": ["one", "two", "free"],
        "label": ["One", "Two & <b>", "Free"],
        "task": ["Easy", "Hard_1", "Medium"],
        "condition": ["none", "genre", "none"],
        "effective": ["none", "genre", "none"],
    }
)
PLACES = dict.fromkeys(INTERNAL.values(), "hybrid")
PLACES |= dict.fromkeys(EXTERNAL.values(), "genre")


def scores() -> pd.DataFrame:
    """Return a table of the kind `scores`: 99 in the methods' own space, k + seed elsewhere."""
    rows = []
    for method, k, seeds in (("one", 8, (0, 1)), ("two", 8, (0,)), ("one", 3, (0,))):
        for seed in seeds:
            for metric, place in PLACES.items():
                rows.append((method, "audio", "kmeans", k, seed, metric, place, k + seed))
            rows.append((method, "audio", "kmeans", k, seed, "silhouette", "audio", 99.0))
    for metric, place in PLACES.items():
        value = 0.0 if place == "genre" else np.nan
        rows.append(("free", "audio", "dbscan", None, 0, metric, place, value))
    rows.append(("free", "audio", "dbscan", None, 0, "silhouette", "audio", np.nan))
    rows.append(("free", "audio", "dbscan", None, 0, "n_clusters", None, 0.0))
    rows.append(("free", "audio", "dbscan", None, 0, "noise_share", None, 1.0))
    names = ["method", "space", "clusterer", "k", "seed", "metric", "measured_in", "value"]
    return pd.DataFrame(rows, columns=names).astype({"k": "Int64"})


def agreement(method: str, value: float, low: float, high: float, difference=None, k=8) -> list:
    """Return rows of NMI, AMI and ARI of `uncertainty`; `difference` is (value, low, high).

    Intervals of all methods together are as wide as those of one.
    """
    row = {"method": method, "k": k, "finds_k": method == "free", "clusters": k, "value": value}
    row |= {"low": low, "high": high, "low_all": low, "high_all": high, "refitted": "all"}
    row |= {"chance": 0.1, "chance_in_language": 0.2, "p": 0.01, "baseline": "one"}
    row |= {"seeds": 2, "shuffled": "songs"}
    names = ("difference", "difference_low", "difference_high")
    row |= dict(zip(names, difference or (np.nan,) * 3, strict=True))
    row |= {f"{name}_all": row[name] for name in names[1:]}
    return [row | {"metric": metric} for metric in ("nmi", "ami", "ari")]


CHOICES = pd.DataFrame(
    {
        "space": ["one", "one", "two"],
        "k": [2, 4, 2],
        "stability": [0.6, 0.9, 0.4],
        "deviation": 0.05,
        "reference": [0.7, 0.4, 0.5],
        "bar": [0.8, 0.5, 0.6],
        "chosen": [False, True, False],
    }
)


def few_labels() -> pd.DataFrame:
    """Return a table of the kind `few_labels` for three shares, the first without labels.

    It has two more that show the songs of the second.
    """
    values = {
        ("latent", "nmi"): (0.2, 0.3, 0.6),
        ("classifier", "nmi"): (np.nan, 0.4, 0.7),
        ("svm", "nmi"): (np.nan, 0.35, 0.75),
        ("classifier", "accuracy"): (np.nan, 0.5, 0.8),
        ("svm", "accuracy"): (np.nan, 0.45, 0.85),
        ("difference", "accuracy"): (np.nan, 0.05, -0.05),
    }
    rows = [
        {"share": share, "songs": songs, "tracks": 24, "way": way, "metric": metric, "value": value}
        for (way, metric), of_shares in values.items()
        for share, songs, value in zip((0, 0.05, 1), (0, 3, 48), of_shares, strict=True)
    ]
    second = [row for row in rows if row["share"] == 0.05]
    rows += [row | {"share": share} for share in (0.1, 0.2) for row in second]
    scores = pd.DataFrame(rows).dropna()
    return scores.assign(low=scores["value"] - 0.1, high=scores["value"] + 0.1)
