"""Choose the radius of DBSCAN from the distances to neighbours (Ester et al. 1996, section 4.2)."""

from __future__ import annotations

import numpy as np

from hybridmusic.spaces.neighbours import Neighbours


def k_distance(graph: Neighbours, k: int) -> float:
    """Return the knee of the sorted distances to the `k`-th neighbour."""
    distances = sorted_distances(graph, k)
    return float(max(distances[knee(distances)], np.finfo(np.float32).tiny))


def sorted_distances(graph: Neighbours, k: int) -> np.ndarray:
    """Return the distance of each track to its `k`-th neighbour, ascending: (tracks,).

    Each track counts as its own first neighbour, as in DBSCAN's `min_samples`. `k` is at most the
    number of tracks.
    """
    distances = graph.nearest(k - 1).distances
    return np.sort(distances[:, -1] if k > 1 else np.zeros(len(distances), dtype=np.float32))


def knee(distances: np.ndarray) -> int:
    """Return the index where sorted `distances` are farthest below the chord of their curve."""
    span = distances[-1] - distances[0]
    if span == 0:
        return 0
    return int(np.argmax(np.linspace(0, 1, len(distances)) - (distances - distances[0]) / span))
