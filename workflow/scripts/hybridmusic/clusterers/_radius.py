"""The radius that the distances to neighbours suggest (Ester et al. 1996, section 4.2)."""

from __future__ import annotations

import numpy as np

from hybridmusic.spaces.neighbours import Neighbours


def k_distance(graph: Neighbours, k: int) -> float:
    """The knee of the sorted distances to the k-th neighbour (Ester et al. 1996, section 4.2)."""
    distances = sorted_distances(graph, k)
    return float(max(distances[knee(distances)], np.finfo(np.float32).tiny))


def sorted_distances(graph: Neighbours, k: int) -> np.ndarray:
    """Distance of each track to its k-th neighbour, from the least: (tracks,).

    Every track counts as its own first neighbour, as DBSCAN's `min_samples` does. `k` is at most
    the number of tracks.
    """
    distances = graph.nearest(k - 1).distances
    return np.sort(distances[:, -1] if k > 1 else np.zeros(len(distances), dtype=np.float32))


def knee(distances: np.ndarray) -> int:
    """Where the sorted `distances` lie farthest below the chord between the curve's ends."""
    span = distances[-1] - distances[0]
    if span == 0:
        return 0
    return int(np.argmax(np.linspace(0, 1, len(distances)) - (distances - distances[0]) / span))
