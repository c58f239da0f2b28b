"""Select from tables of clusterings, which hold several k and seeds, and describe them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.terms import NOISE


def of_k(table: pd.DataFrame, k: int) -> pd.DataFrame:
    """Return the rows for `k` clusters, and those of methods that find the number themselves."""
    return table[(table["k"] == k) | table["k"].isna()]


def member_rows(clustering: pd.DataFrame, k: int, seed: int | None = None) -> pd.DataFrame:
    """Return the rows for `k`, or without a k, and for `seed`, or for the first seed."""
    rows = of_k(clustering, k)
    seeds = rows["seed"].unique()
    return rows[rows["seed"] == (seed if seed in seeds else seeds[0])]


def member(clustering: pd.DataFrame, k: int, seed: int | None = None) -> pd.Series:
    """Return the cluster of each track by id, from the same rows as `member_rows`."""
    return member_rows(clustering, k, seed).set_index("id")["cluster"]


def coverage(clusters: np.ndarray) -> dict[str, float]:
    """Count the clusters without noise, and measure the shares of noise and of the largest one."""
    clusters = np.asarray(clusters)
    sizes = np.unique(clusters[clusters != NOISE], return_counts=True)[1]
    return {
        "n_clusters": float(len(sizes)),
        "noise_share": float((clusters == NOISE).mean()),
        "largest_share": float(sizes.max(initial=0) / len(clusters)),
    }
