"""Choosing from what holds several k and seeds, a clustering or its scores."""

from __future__ import annotations

import pandas as pd


def of_k(table: pd.DataFrame, k: int) -> pd.DataFrame:
    """The rows for `k` clusters, and those of methods that find the number themselves."""
    return table[(table["k"] == k) | table["k"].isna()]


def member(clustering: pd.DataFrame, k: int, seed: int | None = None) -> pd.Series:
    """Cluster by id for `k`, or without a k, and for `seed`, or its first seed."""
    rows = of_k(clustering, k)
    seeds = rows["seed"].unique()
    chosen = seed if seed in seeds else seeds[0]
    return rows[rows["seed"] == chosen].set_index("id")["cluster"]
