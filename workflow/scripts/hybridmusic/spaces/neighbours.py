"""Build k-nearest-neighbour graphs.

Up to a given number of tracks the search is exact. Beyond it, nearest-neighbour descent (Dong et
al. 2011) finds nearly all neighbours in a time that grows little faster than the number of tracks.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

logger = logging.getLogger(__name__)

METRICS = ("euclidean", "cosine")
# Least neighbours that the descent keeps: of 15 it then misses at most one in a thousand.
KEPT = 30


class Graph(NamedTuple):
    """The nearest other tracks of each track, nearest first; both arrays are (tracks, k).

    In a balanced graph the columns alternate between groups: the nearest of each group, then the
    second nearest of each, and so on. In both cases the first columns are the graph of fewer
    neighbours.
    """

    indices: np.ndarray  # rows of the others, int32
    distances: np.ndarray  # float32
    exact: bool

    def first(self, k: int) -> Graph:
        """Return the graph of up to `k` neighbours, each row nearest first."""
        distances = self.distances[:, :k]
        order = np.argsort(distances, axis=1, kind="stable")
        return Graph(
            np.take_along_axis(self.indices[:, :k], order, axis=1),
            np.take_along_axis(distances, order, axis=1),
            self.exact,
        )


class Neighbours:
    """The neighbours of a space's tracks, which `find` searches when they are first needed."""

    def __init__(self, find: Callable[[], Graph]):
        self._find = find

    @cached_property
    def graph(self) -> Graph:
        """The graph of all neighbours that `find` returns."""
        return self._find()

    def nearest(self, k: int) -> Graph:
        """Return the graph of up to `k` neighbours, each row nearest first."""
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
    """Return the nearest other tracks of each track of `x`.

    A graph with groups is balanced: all tracks have the same number of neighbours in a group,
    whatever their own group and however distant the neighbours are (Polański et al. 2020). Groups
    give neighbours in turn, so their numbers differ by at most one until a group has no further
    tracks. A group of one track gives none, because that track would have no neighbour in it.

    Parameters
    ----------
    x : (tracks, d)
    neighbours : neighbours of each track, at most the number of other tracks
    metric : one of METRICS
    groups : group of each track, (tracks,); None for an unbalanced graph
    exact_up_to : number of tracks up to which the search is exact
    seed : seed of the approximate search
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


def groups_of(balance: str, tracks: pd.DataFrame | None) -> np.ndarray | None:
    """Return the group of each track that a graph is balanced over: a column of `tracks`, or None.

    There is nothing to balance where all tracks have the same label, and a warning says so.
    """
    if balance == "none":
        return None
    if tracks[balance].nunique() < 2:
        logger.warning("one %s: there is nothing to balance", balance)
        return None
    return tracks[balance].to_numpy()


def at_most(wanted: int, n_tracks: int) -> int:
    """Return the number of neighbours, limited with a warning to the number of other tracks."""
    if wanted < n_tracks:
        return wanted
    logger.warning(
        "neighbours = %d exceeds the %d other tracks; using %d", wanted, n_tracks - 1, n_tracks - 1
    )
    return n_tracks - 1


def warm_up() -> None:
    """Compile everything that an approximate search needs."""
    # Large enough for all of pynndescent's ways to grow trees, including that above 1 MiB.
    x = np.random.default_rng(0).normal(size=(2400, 256))
    for metric in METRICS:
        for groups in (None, [0, 1] * 1200):
            knn_graph(x, 5, metric=metric, groups=groups, exact_up_to=0, seed=0)


def _turns(left: list[int], k: int) -> list[tuple[int, int]]:
    """Return the group and the rank of each of `k` neighbours, by the tracks left in each group."""
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
    """Return the `k` nearest tracks among the members, (tracks,) of bool, for each of all tracks.

    A search among few members is exact, and linear in the number of all tracks.
    """
    exact = bool(member.sum() <= exact_up_to)
    search = _exactly if exact else _by_descent
    rows, indices = np.flatnonzero(member), np.empty((len(x), k), dtype=np.int32)
    among, outside = search(x[member], x[~member], k, metric, seed)
    indices[member], indices[~member] = rows[among], rows[outside]
    return Graph(indices, _distances(x, indices, metric), exact).first(k)


def _distances(x: np.ndarray, indices: np.ndarray, metric: str) -> np.ndarray:
    """Distances of each row of `x` to the rows of `indices`, (tracks, k); 0 between equal rows.

    Searches compute distances from products, whose rounding separates equal rows.
    """
    if metric == "cosine":
        lengths = np.linalg.norm(x, axis=1, keepdims=True)
        x = np.divide(x, lengths, out=np.zeros_like(x), where=lengths > 0)
    distances = np.empty(indices.shape, dtype=np.float32)
    for column, others in enumerate(indices.T):
        distances[:, column] = np.linalg.norm(x - x[others], axis=1)
    # Of unit vectors, 1 - cos is half the square of their distance.
    return distances if metric == "euclidean" else distances**2 / 2


# Each search returns the `k` nearest rows of `base`: for rows of `base`, and for those of `others`.


def _exactly(
    base: np.ndarray, others: np.ndarray, k: int, metric: str, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    # Imported here, because it takes a second, and jobs that read a graph do not need it.
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
    nearest = index.neighbor_graph[0]
    # A row finds itself first, unless other rows are equal to it.
    itself = nearest == np.arange(len(base))[:, None]
    itself[~itself.any(axis=1), -1] = True
    among = nearest[~itself].reshape(len(base), width)[:, :k]
    return among, index.query(others, k=width)[0][:, :k] if len(others) else _none(k)


def _none(k: int) -> np.ndarray:
    return np.empty((0, k), dtype=int)
