"""A space as it is and reduced, each clustered in several ways (paper, sections 3.4 and 5.1)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic import kinds
from hybridmusic.spaces.neighbours import Neighbours

AS_IS = "none"
# What was done to a space, by kind of transform.
NAMES = {AS_IS: "as it is", "pca": "PCA", "umap": "UMAP"}


def cluster(x: np.ndarray, clusterer: str, k: int, seed: int, graph: Neighbours) -> np.ndarray:
    """Cluster of each row of `x` (tracks, d) by a clusterer's defaults, but for a radius that fits every space.

    Tracks are few enough for all to be exact. Clusterers that find their number of clusters
    themselves are not told `k`, and those that need no neighbours are not handed the `graph`.
    """
    module = kinds.load("clusterers", clusterer)
    settings = kinds.settings("clusterers", clusterer, kinds.FAIR | {"exact_up_to": len(x)})
    if hasattr(module, "GRAPH"):
        settings["graph"] = graph
    return module.cluster(x, k if module.NEEDS_K else None, seed, **settings)


def is_random(clusterer: str) -> bool:
    """Whether a clusterer's clusters depend on its seed."""
    return kinds.load("clusterers", clusterer).RANDOM


def silhouettes(x: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """The Silhouette of every track in the space `x` (tracks, d) that was clustered, (tracks,).

    Noise counts as one more cluster. All are NaN for one cluster, and for as many as tracks.
    """
    if not 2 <= len(np.unique(clusters)) < len(clusters):
        return np.full(len(clusters), np.nan)
    # Imported here, because tables and figures, which need the names alone, need not wait for it.
    from sklearn.metrics import silhouette_samples

    return silhouette_samples(x, clusters)


def clustered(
    ids: list[str],
    members: dict[int, np.ndarray],
    near: dict[int, Neighbours],
    clusterer: str,
    k: int,
    seeds: list[int],
) -> pd.DataFrame:
    """`id`, `seed`, `cluster` and `silhouette` of the tracks for each of `seeds`.

    `members` are the space's vectors (tracks, d) by seed, and `near` their neighbours; a space
    without randomness has one.
    """
    rows = []
    for seed in seeds:
        x, graph = (of.get(seed, next(iter(of.values()))) for of in (members, near))
        clusters = cluster(x, clusterer, k, seed, graph)
        found = {"cluster": clusters, "silhouette": silhouettes(x, clusters)}
        rows.append(pd.DataFrame({"id": ids, "seed": seed} | found))
    return pd.concat(rows, ignore_index=True)
