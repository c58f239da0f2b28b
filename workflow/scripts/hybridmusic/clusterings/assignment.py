"""Placing new tracks among those of a run, whose spaces and clusters stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import pairwise_distances_chunked
from sklearn.neighbors import NearestNeighbors

NEAREST = 5
RULE = "majority of nearest tracks"
# Of how many of a run's tracks a new one is farther from its nearest than they are from theirs.
OUTSIDE = 99  # %
# In units of a space's radius: what is nearer than this to a known track is that track. Above the
# rounding of float32 on the way through a network, and far below what tells two tracks apart.
SAME = 1e-4


@dataclass(frozen=True)
class Near:
    """The known tracks nearest to each new one: rows, nearest first, and their distances."""

    rows: np.ndarray
    distances: np.ndarray

    @classmethod
    def of(cls, old: np.ndarray, new: np.ndarray) -> Near:
        """Up to five each, from `old` (tracks, d) and `new` (tracks, d)."""
        search = NearestNeighbors(n_neighbors=min(NEAREST, len(old))).fit(old)
        distances, rows = search.kneighbors(new)
        return cls(rows, distances)


def between(old: np.ndarray, new: np.ndarray, space: np.ndarray) -> np.ndarray:
    """Places of new tracks in a `space` (tracks, d) that can only be made as a whole.

    The mean of the places of the known tracks that are nearest in what the space was made from,
    `old` and `new`, weighted by one over the distance: a known track comes out where it is.
    """
    near = Near.of(old, new)
    weights = _weights(near, old)
    return (weights[:, :, None] * space[near.rows]).sum(axis=1)


def assign(
    old: np.ndarray, clusters: np.ndarray, new: np.ndarray, place: Callable | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The cluster of each of `new` (tracks, d), and a confidence from 0 to 1.

    `old` (tracks, d) have `clusters`, and `place(old, clusters, new)` is the rule of a clusterer.
    Without one a track takes the cluster with the largest share of its nearest tracks' weights, and
    this share is the confidence. So does a track that lies where a known one does, by any rule: it
    is that track, and its cluster is known.
    """
    near = Near.of(old, new)
    found, confidence = majority(near, old, clusters)
    if place is None:
        return found, confidence
    by_rule, confidence_of_rule = place(old, clusters, new)
    known = near.distances[:, 0] <= SAME * _radius(old)
    return np.where(known, found, by_rule), np.where(known, confidence, confidence_of_rule)


def majority(near: Near, old: np.ndarray, clusters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The cluster with the largest share of the nearest tracks' weights, and this share.

    Weights are one over the distance; noise counts as a cluster.
    """
    numbers, position = np.unique(clusters, return_inverse=True)
    shares = np.zeros((len(near.rows), len(numbers)))
    for column, weight in zip(position[near.rows].T, _weights(near, old).T, strict=True):
        shares[np.arange(len(shares)), column] += weight
    # Rounding may sum to a little more than one.
    return numbers[shares.argmax(axis=1)], np.minimum(shares.max(axis=1), 1)


def farthest(x: np.ndarray, songs: np.ndarray) -> float:
    """The distance beyond which a new track lies outside the collection `x` (tracks, d).

    99 % of its tracks are nearer to their nearest one of another song; infinite for one song,
    which tells nothing of others.
    """
    _, song = np.unique(songs, return_inverse=True)

    def to_other_songs(distances: np.ndarray, start: int) -> np.ndarray:
        same = song[start : start + len(distances), None] == song[None]
        return np.where(same, np.inf, distances).min(axis=1)

    nearest = np.concatenate(list(pairwise_distances_chunked(x, reduce_func=to_other_songs)))
    return float(np.percentile(nearest, OUTSIDE)) if np.isfinite(nearest).all() else np.inf


def _weights(near: Near, old: np.ndarray) -> np.ndarray:
    """One over the distance, as shares of each row; a known track has all of its own."""
    least = max(SAME**2 * _radius(old), np.finfo(float).tiny)
    weights = least / np.maximum(near.distances, least)
    same = near.distances <= SAME * _radius(old)
    weights = np.where(same.any(axis=1, keepdims=True), same * weights, weights)
    return weights / weights.sum(axis=1, keepdims=True)


def _radius(x: np.ndarray) -> float:
    """Root mean square distance of the tracks from their mean."""
    return float(np.sqrt(x.var(axis=0, dtype=np.float64).sum()))
