"""What is quadratic in the tracks, and what is done instead where there are too many of them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from hybridmusic import kinds

PARTS = 10  # of a sample, over which the spread of its Silhouette is measured


def sample(n_tracks: int, exact_up_to: int, seed: int) -> np.ndarray:
    """Rows of all tracks, or of `exact_up_to` of them drawn at random; sorted."""
    if n_tracks <= exact_up_to:
        return np.arange(n_tracks)
    return np.sort(np.random.default_rng(seed).choice(n_tracks, exact_up_to, replace=False))


class Silhouettes:
    """Mean Silhouettes in a space `x` (tracks, d), whose distances are found once for all labels.

    Of more than `exact_up_to` tracks they are those of a `sample`, and `of_sample` is true.
    """

    def __init__(self, x: np.ndarray, exact_up_to: int, seed: int):
        # Imported here, because those that only say what is not exact need not wait for it.
        from sklearn.metrics import pairwise_distances

        self._rows = sample(len(x), exact_up_to, seed)
        self.of_sample = len(self._rows) < len(x)
        self._distances = pairwise_distances(x[self._rows])
        shuffled = np.random.default_rng(seed).permutation(len(self._rows))
        self._parts = np.array_split(shuffled, PARTS)

    def of(self, labels: np.ndarray) -> tuple[float, float]:
        """The mean Silhouette of `labels` (tracks,), and its standard error, 0 of all tracks.

        Tracks share the others that they are compared with, so the error is not that of independent
        values but comes from the spread over parts of the sample, each by itself (batch means).
        Both are NaN where the Silhouette is not defined: for one label, and for as many as tracks.
        """
        labels = np.asarray(labels)[self._rows]
        value = _silhouette(self._distances, labels)
        if not self.of_sample:
            return value, 0.0 if np.isfinite(value) else np.nan
        each = [_silhouette(self._distances[np.ix_(p, p)], labels[p]) for p in self._parts]
        return value, float(np.std(each, ddof=1) / np.sqrt(PARTS))


def _silhouette(distances: np.ndarray, labels: np.ndarray) -> float:
    from sklearn.metrics import silhouette_score

    if not 2 <= len(np.unique(labels)) < len(labels):
        return float("nan")
    return float(silhouette_score(distances, labels, metric="precomputed"))


def notes(
    n_tracks: int, exact_up_to: int, clusterers: Iterable[str], errors: Iterable[float]
) -> list[str]:
    """In words, what a table of `n_tracks` has that is not exact; nothing of few tracks.

    `clusterers` are the kinds of its methods, `errors` the standard errors of its Silhouettes.
    """
    if n_tracks <= exact_up_to:
        return []
    told = [f"There are {n_tracks:,} tracks, more than exact_up_to, {exact_up_to:,}."]
    errors = [error for error in errors if np.isfinite(error)]
    if errors:
        told.append(
            f"Silhouettes are of a random sample of {exact_up_to:,} tracks, with a standard error "
            f"of {max(errors):.4f} at most."
        )
    for kind in dict.fromkeys(clusterers):
        if way := kinds.declared("clusterers", kind, "BEYOND"):
            told.append(f"{kind} clusters {way}.")
    return told
