"""Match the clusters of one clustering to those of another, since their numbers mean nothing."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from hybridmusic.terms import NOISE


def matched(clusters: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Rename `clusters` to those of `reference` that they share most tracks with, one to one.

    Clusters left over get the next free numbers, in the order of their size; noise stays noise.
    """
    ours, theirs = np.unique(clusters[clusters >= 0]), np.unique(reference[reference >= 0])
    if not len(ours) or not len(theirs):
        return clusters
    overlap = np.array([[np.sum((clusters == a) & (reference == b)) for b in theirs] for a in ours])
    pairs = zip(*linear_sum_assignment(overlap, maximize=True), strict=True)
    renamed = {ours[a]: theirs[b] for a, b in pairs}
    free = theirs.max() + 1
    left = [a for a in ours if a not in renamed]
    for number, cluster in enumerate(sorted(left, key=lambda a: -np.sum(clusters == a))):
        renamed[cluster] = free + number
    return np.array([renamed.get(cluster, NOISE) for cluster in clusters.tolist()])
