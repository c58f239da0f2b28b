"""Assign new tracks to the clusters of a run, which stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import pairwise_distances_chunked
from sklearn.neighbors import NearestNeighbors

NEAREST = 5
RULE = "majority of nearest tracks"
# A new track is outside if it is farther from its nearest track than this share of the run's
# tracks are from theirs.
OUTSIDE = 99  # %
# A new track nearer than this to a known track is that track, in units of a space's radius. It is
# more than the rounding of float32 in a network, and far less than distances between tracks.
SAME = 1e-4


@dataclass(frozen=True)
class Near:
    """The known tracks nearest to each new one: rows, nearest first, and their distances."""

    rows: np.ndarray
    distances: np.ndarray

    @classmethod
    def of(cls, old: np.ndarray, new: np.ndarray) -> Near:
        """Find up to NEAREST of `old` (tracks, d) for each of `new` (tracks, d)."""
        search = NearestNeighbors(n_neighbors=min(NEAREST, len(old))).fit(old)
        distances, rows = search.kneighbors(new)
        return cls(rows, distances)

    def weights(self, old: np.ndarray) -> np.ndarray:
        """Weigh neighbours by one over the distance, (tracks, neighbours); rows sum to 1.

        A new track that is a known one gives it all of its weight.
        """
        least = max(SAME**2 * _radius(old), np.finfo(float).tiny)
        weights = least / np.maximum(self.distances, least)
        same = self.distances <= SAME * _radius(old)
        weights = np.where(same.any(axis=1, keepdims=True), same * weights, weights)
        return weights / weights.sum(axis=1, keepdims=True)


def assign(
    old: np.ndarray, clusters: np.ndarray, new: np.ndarray, place: Callable | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the cluster of each new track and a confidence, 0..1, both (tracks,).

    `old` and `new` are (tracks, d), and `clusters` those of the old tracks. `place(old, clusters,
    new)` is the rule of a clusterer, by default `majority`. A new track that is a known one is
    assigned by `majority` under every rule, for its cluster is known.
    """
    near = Near.of(old, new)
    by_majority, share = majority(near, old, clusters)
    if place is None:
        return by_majority, share
    by_rule, confidence = place(old, clusters, new)
    known = near.distances[:, 0] <= SAME * _radius(old)
    return np.where(known, by_majority, by_rule), np.where(known, share, confidence)


def majority(near: Near, old: np.ndarray, clusters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the cluster, perhaps noise, with the largest share of weights, and this share."""
    numbers, position = np.unique(clusters, return_inverse=True)
    shares = np.zeros((len(near.rows), len(numbers)))
    for column, weight in zip(position[near.rows].T, near.weights(old).T, strict=True):
        shares[np.arange(len(shares)), column] += weight
    # Rounding may sum to a little more than one.
    return numbers[shares.argmax(axis=1)], np.minimum(shares.max(axis=1), 1)


def farthest(x: np.ndarray, units: np.ndarray) -> float:
    """Return the distance beyond which a new track is outside the collection `x` (tracks, d).

    99 % of the collection's tracks are nearer than this to a track of another unit (tracks,), such
    as an artist. The distance is infinite if there is only one unit.
    """
    _, unit = np.unique(units, return_inverse=True)

    def to_other_units(distances: np.ndarray, start: int) -> np.ndarray:
        same = unit[start : start + len(distances), None] == unit[None]
        return np.where(same, np.inf, distances).min(axis=1)

    nearest = np.concatenate(list(pairwise_distances_chunked(x, reduce_func=to_other_units)))
    return float(np.percentile(nearest, OUTSIDE)) if np.isfinite(nearest).all() else np.inf


def _radius(x: np.ndarray) -> float:
    """Root mean square distance of the tracks from their mean."""
    return float(np.sqrt(x.var(axis=0, dtype=np.float64).sum()))
