"""Choosing one member of a clustering, which holds several k and seeds."""

from __future__ import annotations

import pandas as pd


def member(clustering: pd.DataFrame, k: int, seed: int | None = None) -> pd.Series:
    """Cluster by id for `k`, or without a k, and for `seed`, or its first seed."""
    of_k = clustering[(clustering["k"] == k) | clustering["k"].isna()]
    seeds = of_k["seed"].unique()
    chosen = seed if seed in seeds else seeds[0]
    return of_k[of_k["seed"] == chosen].set_index("id")["cluster"]
