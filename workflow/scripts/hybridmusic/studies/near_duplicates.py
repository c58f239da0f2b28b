"""Groups of tracks with nearly the same sound: double uploads, re-encodings, overlapping cuts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse.csgraph import connected_components
from sklearn.neighbors import NearestNeighbors

CLOSENESS = 0.2  # on the feature tables of GTZAN and BanglaBeats every group is of one genre


class Duplicates(NamedTuple):
    """Number of each track's group, (tracks,) of integers from 0; a group shares a number."""

    exact: np.ndarray
    near: np.ndarray  # includes exact duplicates
    radius: float  # greatest distance of near tracks


def duplicates(x: np.ndarray, closeness: float = CLOSENESS) -> Duplicates:
    """Group equal and nearly equal rows of `x` (tracks, d), standardised features.

    Rows are near within `closeness` times the median distance between a row and its nearest
    neighbour, so the radius follows from the density of the collection. Groups are connected
    components. Distances are Euclidean, computed in blocks, so memory grows only with the number
    of tracks and of pairs.
    """
    distinct, exact = np.unique(x, axis=0, return_inverse=True)
    if len(distinct) == 1:
        return Duplicates(exact, exact, 0.0)
    search = NearestNeighbors(n_neighbors=1).fit(distinct)
    # Among distinct rows only, because many exact duplicates would make the median 0.
    radius = closeness * float(np.median(search.kneighbors()[0]))
    near = connected_components(search.radius_neighbors_graph(radius=radius), directed=False)[1]
    return Duplicates(exact, near[exact], radius)
