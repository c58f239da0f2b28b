"""Silhouettes in a space, of a sample where there are too many tracks for all distances."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import pairwise_distances, silhouette_score

PARTS = 10  # of a sample, over which the spread of its Silhouette is measured


def sample(n_tracks: int, exact_up_to: int, seed: int) -> np.ndarray:
    """Return the rows of all tracks, or of `exact_up_to` of them drawn at random; sorted."""
    if n_tracks <= exact_up_to:
        return np.arange(n_tracks)
    return np.sort(np.random.default_rng(seed).choice(n_tracks, exact_up_to, replace=False))


class Silhouettes:
    """Mean Silhouettes in `x` (tracks, d), whose distances are computed once for all labels.

    Of more than `exact_up_to` tracks a `sample` of so many, by `seed`, is used, and `of_sample` is
    true.
    """

    def __init__(self, x: np.ndarray, exact_up_to: int, seed: int):
        self._rows = sample(len(x), exact_up_to, seed)
        self.of_sample = len(self._rows) < len(x)
        self._distances = pairwise_distances(x[self._rows])
        shuffled = np.random.default_rng(seed).permutation(len(self._rows))
        self._parts = np.array_split(shuffled, PARTS)

    def score(self, labels: np.ndarray) -> tuple[float, float]:
        """Return the mean Silhouette of `labels` (tracks,) and its standard error.

        The error is 0 for all tracks. That of a sample comes from the spread over parts of it
        (batch means), because tracks share the others that they are compared with and so are not
        independent. Both are NaN for a single label and for as many labels as tracks.
        """
        labels = np.asarray(labels)[self._rows]
        value = _silhouette(self._distances, labels)
        if not self.of_sample:
            return value, 0.0 if np.isfinite(value) else np.nan
        each = [_silhouette(self._distances[np.ix_(p, p)], labels[p]) for p in self._parts]
        return value, float(np.std(each, ddof=1) / np.sqrt(PARTS))


def _silhouette(distances: np.ndarray, labels: np.ndarray) -> float:
    if not 2 <= len(np.unique(labels)) < len(labels):
        return float("nan")
    return float(silhouette_score(distances, labels, metric="precomputed"))
