"""Tracks that are one and the same, or nearly: double uploads, re-encodings, overlapping cuts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse.csgraph import connected_components
from sklearn.neighbors import NearestNeighbors

CLOSENESS = 0.2  # on the feature tables of GTZAN and BanglaBeats, all that it joins is one genre


class Duplicates(NamedTuple):
    """Group of each track, (tracks,) of whole numbers from 0: those that share one are alike."""

    exact: np.ndarray
    near: np.ndarray  # the exact ones among them
    radius: float  # distance below which tracks are near


def duplicates(x: np.ndarray, closeness: float = CLOSENESS) -> Duplicates:
    """Groups of equal and of nearly equal rows of `x` (tracks, d), standardised features.

    Rows are near within `closeness` times the median distance from a row to its nearest other:
    what counts as near follows from how densely this collection lies. Groups are connected: what
    is near to a near one belongs to them.
    Distances are Euclidean, computed in blocks, so memory grows with tracks and pairs found only.
    """
    distinct, exact = np.unique(x, axis=0, return_inverse=True)
    if len(distinct) == 1:
        return Duplicates(exact, exact, 0.0)
    search = NearestNeighbors(n_neighbors=1).fit(distinct)
    # Among distinct rows only, or many exact duplicates would make the median 0.
    radius = closeness * float(np.median(search.kneighbors()[0]))
    near = connected_components(search.radius_neighbors_graph(radius=radius), directed=False)[1]
    return Duplicates(exact, near[exact], radius)
