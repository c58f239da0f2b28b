"""Reduction: cluster a space as it is and reduced (paper, sections 3.4 and 5.1)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.metrics import silhouette_samples

from hybridmusic import kinds
from hybridmusic.spaces.members import member
from hybridmusic.spaces.neighbours import Neighbours


def cluster(x: np.ndarray, clusterer: str, k: int, seed: int, graph: Neighbours) -> np.ndarray:
    """Cluster the rows of `x` (tracks, d) by the defaults of a clusterer, (tracks,).

    DBSCAN's radius is one that fits every space, and everything is exact, because there are few
    enough tracks. Clusterers use `k` and `graph` only if they need them.
    """
    module = kinds.load("clusterers", clusterer)
    settings = kinds.settings("clusterers", clusterer, kinds.FAIR | {"exact_up_to": len(x)})
    if hasattr(module, "GRAPH"):
        settings["graph"] = graph
    return module.cluster(x, k if module.NEEDS_K else None, seed, **settings)


def is_random(clusterer: str) -> bool:
    """Return whether a clusterer's clusters depend on its seed."""
    return kinds.load("clusterers", clusterer).RANDOM


def silhouettes(x: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """Return the Silhouette of every track in the space `x` (tracks, d) that was clustered.

    Noise counts as one more cluster. All are NaN for one cluster, and for as many as tracks.
    """
    if not 2 <= len(np.unique(clusters)) < len(clusters):
        return np.full(len(clusters), np.nan)
    return silhouette_samples(x, clusters)


def clustered(
    ids: list[str],
    members: dict[int, np.ndarray],
    graphs: dict[int, Neighbours],
    clusterer: str,
    k: int,
    seeds: list[int],
) -> pd.DataFrame:
    """Cluster a space by one clusterer, once for each of `seeds`.

    `members` are vectors (tracks, d) by seed, one for all seeds if the space is not random, and
    `graphs` their neighbours. Columns are `id`, `seed`, `cluster` and `silhouette`.
    """
    tables = []
    for seed in seeds:
        x = member(members, seed)
        clusters = cluster(x, clusterer, k, seed, member(graphs, seed))
        columns = {"cluster": clusters, "silhouette": silhouettes(x, clusters)}
        tables.append(pd.DataFrame({"id": ids, "seed": seed} | columns))
    return pd.concat(tables, ignore_index=True)
