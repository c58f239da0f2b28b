"""Trustworthiness of a two-dimensional map, track by track."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from sklearn.metrics import euclidean_distances
from sklearn.neighbors import NearestNeighbors

NEIGHBOURS = 8
BLOCK = 2**24  # distances in memory at once
# Distances of equal rows are rounding errors, which must not decide which row is nearer.
TOLERANCE = 1e-10


class Surroundings(NamedTuple):
    """Nearest neighbours in a space, and the trustworthiness of a map of it."""

    nearest: np.ndarray  # (tracks, k): rows of the nearest others in the space, nearest first
    trust: np.ndarray  # (tracks,): 1 if the map's neighbours are the space's, 0 at the worst


def surroundings(x: np.ndarray, y: np.ndarray, k: int = NEIGHBOURS) -> Surroundings:
    """Find each track's `k` nearest neighbours in a space `x`, and measure its trust in a map `y`.

    Trust is the trustworthiness of Venna and Kaski (2001) before its mean over tracks is taken:
    each neighbour on the map (tracks, 2) costs its rank in the space (tracks, d) beyond `k`, which
    is lower unless there are more than twice as many tracks. Tracks at equal distances share the
    best rank. All distances are exact.
    """
    n = len(x)
    k = min(k, (n - 1) // 2)
    if k < 1:
        return Surroundings(np.empty((n, 0), dtype=int), np.full(n, np.nan))
    shown = NearestNeighbors(n_neighbors=k).fit(y).kneighbors(return_distance=False)
    nearest, cost = np.empty((n, k), dtype=int), np.zeros(n)
    for rows, squares in _squares(np.asarray(x, dtype=np.float64)):
        few = np.argpartition(squares, k, axis=1)[:, :k]
        order = np.argsort(np.take_along_axis(squares, few, axis=1), axis=1)
        nearest[rows] = np.take_along_axis(few, order, axis=1)
        for on_map in shown[rows].T:
            limit = squares[np.arange(len(rows)), on_map]
            place = 1 + (squares < limit[:, None]).sum(axis=1)
            cost[rows] += np.maximum(place - k, 0)
    return Surroundings(nearest, 1 - cost * 2 / (k * (2 * n - 3 * k - 1)))


def _squares(x: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield blocks of rows and their squared distances to all rows, (rows, n).

    Distances are in steps of the rounding error, and infinite from each row to itself.
    """
    x = x - x.mean(axis=0)
    step = TOLERANCE * max((x**2).sum(axis=1).max(), np.finfo(float).tiny)
    for rows in np.array_split(np.arange(len(x)), -(-(len(x) ** 2) // BLOCK)):
        squares = np.round(euclidean_distances(x[rows], x, squared=True) / step)
        squares[np.arange(len(rows)), rows] = np.inf
        yield rows, squares
