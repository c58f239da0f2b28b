"""Which tracks are nearest to which: the one place where such graphs are made.

Up to some number of tracks the search is exact; beyond it, by nearest-neighbour descent (Dong et
al. 2011), which finds nearly all of them in a time that grows hardly faster than the tracks do.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import numpy as np

logger = logging.getLogger(__name__)

METRICS = ("euclidean", "cosine")
# Neighbours that the descent keeps at least: of 15 it then misses one in a thousand or fewer.
KEPT = 30


class Graph(NamedTuple):
    """The nearest others of each track, nearest first; both arrays are (tracks, k).

    In a balanced graph the columns are dealt in turn: the nearest of each group, then the second
    nearest of each, and so on. Either way the first columns are the graph of fewer neighbours.
    """

    indices: np.ndarray  # rows of the others, int32
    distances: np.ndarray  # float32
    exact: bool

    def first(self, k: int) -> Graph:
        """The graph of `k` neighbours, or of all that there are, each row nearest first."""
        distances = self.distances[:, :k]
        order = np.argsort(distances, axis=1, kind="stable")
        return Graph(
            np.take_along_axis(self.indices[:, :k], order, axis=1),
            np.take_along_axis(distances, order, axis=1),
            self.exact,
        )


class Neighbours:
    """The neighbours of a space's tracks, which `find` finds when they are first asked for."""

    def __init__(self, find: Callable[[], Graph]):
        self._find = find

    @cached_property
    def graph(self) -> Graph:
        """All of them."""
        return self._find()

    def nearest(self, k: int) -> Graph:
        """The graph of `k` neighbours, or of all that there are, each row nearest first."""
        return self.graph.first(k)


def knn_graph(
    x: np.ndarray,
    neighbours: int,
    *,
    metric: str = "euclidean",
    groups: Sequence | None = None,
    exact_up_to: int,
    seed: int,
) -> Graph:
    """The nearest others of each track of `x` (tracks, d): `neighbours`, or all that there are.

    With `groups` (tracks,) the graph is balanced: every track has as many neighbours of a group as
    every other track has, whichever group it is of and however far they lie (Polański et al. 2020).
    Neighbours are dealt in turn, so numbers of groups differ by one where they have to; a group
    that has no more leaves its turn to the others. A group of one track gives none, for that track
    could not have any.

    Of more than `exact_up_to` tracks the search is approximate, and the same for the same `seed`.
    """
    x = np.ascontiguousarray(x, dtype=np.float32)
    group = np.zeros(len(x), dtype=int)
    if groups is not None:
        group = np.unique(groups, return_inverse=True)[1]
    members = [group == one for one in range(group.max() + 1)]
    turns = _turns([int(member.sum()) - 1 for member in members], neighbours)
    wanted = Counter(one for one, _ in turns)
    parts = {
        one: _nearest_of(x, members[one], k, metric, exact_up_to, seed) for one, k in wanted.items()
    }
    shape = (len(x), len(turns))
    indices, distances = np.empty(shape, dtype=np.int32), np.empty(shape, dtype=np.float32)
    for column, (one, place) in enumerate(turns):
        indices[:, column] = parts[one].indices[:, place]
        distances[:, column] = parts[one].distances[:, place]
    return Graph(indices, distances, all(part.exact for part in parts.values()))


def at_most(wanted: int, n_tracks: int) -> int:
    """`wanted` neighbours, or with a warning as many as there are other tracks."""
    if wanted < n_tracks:
        return wanted
    logger.warning(
        "neighbours = %d, but a track of %d has only %d others: so many are used",
        wanted,
        n_tracks,
        n_tracks - 1,
    )
    return n_tracks - 1


def warm_up() -> None:
    """Have everything compiled that an approximate search needs."""
    # So large that pynndescent's trees are grown in every way that it has, of over 1 MiB as well.
    x = np.random.default_rng(0).normal(size=(2400, 256))
    for metric in METRICS:
        for groups in (None, [0, 1] * 1200):
            knn_graph(x, 5, metric=metric, groups=groups, exact_up_to=0, seed=0)


def _turns(left: list[int], k: int) -> list[tuple[int, int]]:
    """Whose turn it is to give a neighbour, `k` times: (group, place), by what groups have."""
    turns = (
        (group, place)
        for place in range(max(left))
        for group, has in enumerate(left)
        if place < has
    )
    return list(islice(turns, k))


def _nearest_of(
    x: np.ndarray, member: np.ndarray, k: int, metric: str, exact_up_to: int, seed: int
) -> Graph:
    """The `k` nearest of the `member` tracks (tracks,) of bool, to each of all tracks but itself.

    A search among few is exact, and linear in the tracks that are searched for.
    """
    exact = bool(member.sum() <= exact_up_to)
    search = _exactly if exact else _by_descent
    rows, indices = np.flatnonzero(member), np.empty((len(x), k), dtype=np.int32)
    among, outside = search(x[member], x[~member], k, metric, seed)
    indices[member], indices[~member] = rows[among], rows[outside]
    return Graph(indices, _distances(x, indices, metric), exact).first(k)


def _distances(x: np.ndarray, indices: np.ndarray, metric: str) -> np.ndarray:
    """Distance of each row of `x` to those of `indices`, (tracks, k); exactly 0 between equal ones.

    Searches take them from products, where rounding sets equal rows apart.
    """
    if metric == "cosine":
        lengths = np.linalg.norm(x, axis=1, keepdims=True)
        x = np.divide(x, lengths, out=np.zeros_like(x), where=lengths > 0)
    distances = np.empty(indices.shape, dtype=np.float32)
    for column, others in enumerate(indices.T):
        distances[:, column] = np.linalg.norm(x - x[others], axis=1)
    # Of unit vectors, 1 - cos is half the square of their distance.
    return distances if metric == "euclidean" else distances**2 / 2


# Each search gives rows of the `k` nearest of `base`: to each row of `base` among the others, and
# to each row of `others`.


def _exactly(
    base: np.ndarray, others: np.ndarray, k: int, metric: str, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    # Imported here, because those that are handed a graph need not wait a second for it.
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=k, metric=metric).fit(base)
    among = search.kneighbors(return_distance=False)
    return among, search.kneighbors(others, return_distance=False) if len(others) else _none(k)


def _by_descent(
    base: np.ndarray, others: np.ndarray, k: int, metric: str, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    from pynndescent import NNDescent

    width = max(k, KEPT)
    index = NNDescent(base, metric=metric, n_neighbors=width + 1, random_state=seed, n_jobs=1)
    found = index.neighbor_graph[0]
    # A row finds itself, and first, unless others are equal to it.
    itself = found == np.arange(len(base))[:, None]
    itself[~itself.any(axis=1), -1] = True
    among = found[~itself].reshape(len(base), width)[:, :k]
    return among, index.query(others, k=width)[0][:, :k] if len(others) else _none(k)


def _none(k: int) -> np.ndarray:
    return np.empty((0, k), dtype=int)
