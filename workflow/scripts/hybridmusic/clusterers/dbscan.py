"""Cluster by density (Ester et al. 1996)."""

from __future__ import annotations

import logging
from functools import partial

import numpy as np
from sklearn.cluster import DBSCAN
from sklearn.neighbors import NearestNeighbors

from hybridmusic.spaces.neighbours import Neighbours, knn_graph
from hybridmusic.spaces.radius import k_distance
from hybridmusic.terms import NOISE

logger = logging.getLogger(__name__)

RANDOM = False
NEEDS_K = False
GRAPH = "min_samples"
GRAPH_IF = {"eps": "k-distance"}
RULE = "nearest core point"
SETTINGS = {
    "eps": {
        "anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"const": "k-distance"}],
        "default": 0.5,
    },
    "min_samples": {"type": "integer", "minimum": 1, "default": 10},
}


def cluster(
    x: np.ndarray, k: None, seed: int, *, graph: Neighbours, eps: float | str, min_samples: int
) -> np.ndarray:
    """Return the cluster of each row of `x` (tracks, d); -1 is noise.

    With fewer tracks than `min_samples` all are noise, and a warning says so.

    Parameters
    ----------
    eps : radius in units of `x`, or "k-distance" for the knee of the distances to neighbours
    min_samples : tracks within the radius, itself included, that make a track a core point
    """
    if min_samples > len(x):
        logger.warning(
            "min_samples = %d exceeds the %d tracks: all of them are noise", min_samples, len(x)
        )
        return np.full(len(x), NOISE)
    if eps == "k-distance":
        eps = k_distance(graph, min_samples)
    return DBSCAN(eps=eps, min_samples=min_samples).fit_predict(x)


def place(
    x: np.ndarray, clusters: np.ndarray, new: np.ndarray, *, eps: float | str, min_samples: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the cluster of the nearest core point within `eps`, or noise, and a confidence.

    Confidence is the distance from the border between both: 1 - d / eps inside and 1 - eps / d
    outside, where d is the distance to the nearest core point.
    """
    noise = np.full(len(new), NOISE), np.ones(len(new))
    if min_samples > len(x):
        return noise
    if eps == "k-distance":
        search = partial(knn_graph, x, min_samples - 1, exact_up_to=len(x), seed=0)
        eps = k_distance(Neighbours(search), min_samples)
    core = NearestNeighbors(n_neighbors=min_samples).fit(x).kneighbors(x)[0][:, -1] <= eps
    if not core.any():
        return noise
    distance, nearest = NearestNeighbors(n_neighbors=1).fit(x[core]).kneighbors(new)
    distance, nearest = distance[:, 0], nearest[:, 0]
    confidence = 1 - np.minimum(distance, eps) / np.maximum(distance, eps)
    return np.where(distance <= eps, clusters[core][nearest], NOISE), confidence
