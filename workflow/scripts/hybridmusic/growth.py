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


def silhouette(
    x: np.ndarray, labels: np.ndarray, exact_up_to: int, seed: int
) -> tuple[float, float]:
    """Mean Silhouette of `labels` (tracks,) in `x` (tracks, d), and its standard error.

    Of more than `exact_up_to` tracks it is that of a `sample`; of all tracks there is no error.
    Tracks share the others that they are compared with, so the error is not that of independent
    values but comes from the spread over parts of the sample, each by itself (batch means). Both
    are NaN where the Silhouette is not defined: for one label, and for as many as tracks.
    """
    rows, labels = sample(len(x), exact_up_to, seed), np.asarray(labels)
    value = _silhouette(x[rows], labels[rows])
    if len(rows) == len(x):
        return value, 0.0 if np.isfinite(value) else np.nan
    parts = np.array_split(np.random.default_rng(seed).permutation(rows), PARTS)
    each = np.array([_silhouette(x[part], labels[part]) for part in parts])
    return value, float(each.std(ddof=1) / np.sqrt(PARTS))


def _silhouette(x: np.ndarray, labels: np.ndarray) -> float:
    # Imported here, because those that only say what is not exact need not wait a second for it.
    from sklearn.metrics import silhouette_score

    found = 2 <= len(np.unique(labels)) < len(labels)
    return float(silhouette_score(x, labels)) if found else float("nan")


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
