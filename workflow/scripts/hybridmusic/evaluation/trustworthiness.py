"""How far a map of two dimensions can be trusted, track by track."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from sklearn.metrics import euclidean_distances
from sklearn.neighbors import NearestNeighbors

NEIGHBOURS = 8
BLOCK = 2**24  # distances in memory at once
# Of equal rows the distance comes out as rounding errors, which must not decide who is nearer.
TOLERANCE = 1e-10


class Surroundings(NamedTuple):
    """Where tracks lie among each other in a space, and what a map of it makes of that."""

    nearest: np.ndarray  # (tracks, k): rows of the nearest others in the space, nearest first
    trust: np.ndarray  # (tracks,): 1 where the map's neighbours are the space's, 0 at the worst


def surroundings(x: np.ndarray, y: np.ndarray, k: int = NEIGHBOURS) -> Surroundings:
    """The `k` nearest tracks of each in the space `x` (tracks, d), and its trust in the map `y`.

    Trust is Venna and Kaski's (2001) trustworthiness before its mean over tracks is taken: each
    of a track's `k` neighbours on the map (tracks, 2) costs as many places as it is too far down
    the list of neighbours in the space. Tracks that are equally far share the best place. Fewer
    neighbours where there are not more than twice as many tracks; no distance is estimated.
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
    """Blocks of rows, and their squared distances to all rows, (rows, n); infinite to themselves.

    In steps of what rounding cannot decide.
    """
    x = x - x.mean(axis=0)
    step = TOLERANCE * max((x**2).sum(axis=1).max(), np.finfo(float).tiny)
    for rows in np.array_split(np.arange(len(x)), -(-(len(x) ** 2) // BLOCK)):
        squares = np.round(euclidean_distances(x[rows], x, squared=True) / step)
        squares[np.arange(len(rows)), rows] = np.inf
        yield rows, squares
