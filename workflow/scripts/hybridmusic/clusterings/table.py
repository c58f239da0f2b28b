"""What there is in a clustering, and choosing from what holds several k and seeds."""

from __future__ import annotations

import numpy as np
import pandas as pd

NOISE = -1


def of_k(table: pd.DataFrame, k: int) -> pd.DataFrame:
    """The rows for `k` clusters, and those of methods that find the number themselves."""
    return table[(table["k"] == k) | table["k"].isna()]


def member(clustering: pd.DataFrame, k: int, seed: int | None = None) -> pd.Series:
    """Cluster by id for `k`, or without a k, and for `seed`, or its first seed."""
    rows = of_k(clustering, k)
    seeds = rows["seed"].unique()
    chosen = seed if seed in seeds else seeds[0]
    return rows[rows["seed"] == chosen].set_index("id")["cluster"]


def coverage(clusters: np.ndarray) -> dict[str, float]:
    """How many clusters there are without noise, and the shares of noise and of the largest."""
    clusters = np.asarray(clusters)
    sizes = np.unique(clusters[clusters != NOISE], return_counts=True)[1]
    return {
        "n_clusters": float(len(sizes)),
        "noise_share": float((clusters == NOISE).mean()),
        "largest_share": float(sizes.max(initial=0) / len(clusters)),
    }
