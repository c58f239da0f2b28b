"""Degenerate spaces and clusterings: measures, thresholds and flags."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

FEW_DISTINCT = 0.5  # share of distinct rows below which a space has collapsed
LARGEST = 0.9  # share of tracks in one cluster above which a clustering has hardly split anything
NOISY = 0.5  # share of noise above which a clustering leaves most tracks out
FLAGS = FEW_ROWS, LINE, ONE_CLUSTER, NOISE = ("few rows", "line", "one cluster", "noise")


def one_dimension(dimensions: float) -> float:
    """Return the effective dimension below which a space of `dimensions` is nearly a line."""
    return 1 + min(0.5, 0.1 * (dimensions - 1))


def flags(measures: Mapping[str, float]) -> list[str]:
    """Return which of FLAGS apply to the measures of a space, of a clustering or of both.

    `measures` may have `distinct_share`, `dimensions`, `effective_dimension`, `largest_share` and
    `noise_share`; those that are missing or NaN raise no flag.
    """
    line = one_dimension(measures.get("dimensions", np.inf))
    applies = (
        measures.get("distinct_share", 1) < FEW_DISTINCT,
        measures.get("effective_dimension", np.inf) < line,
        measures.get("largest_share", 0) > LARGEST,
        measures.get("noise_share", 0) > NOISY,
    )
    return [flag for flag, is_so in zip(FLAGS, applies, strict=True) if is_so]


def space_degeneracy(x: np.ndarray) -> dict[str, float]:
    """Measure how much of the space `x` (tracks, d) is used.

    `distinct_share` is distinct rows over rows, 0..1. `effective_dimension` is the participation
    ratio of the covariance's eigenvalues, (sum)^2 / sum of squares (Abbott, Rajan and Sompolinsky
    2011): 1 for one direction, d for eigenvalues that are all equal, and 0 if nothing varies. It
    depends on the scale of the columns.
    """
    centred = np.asarray(x, dtype=np.float64) - np.mean(x, axis=0, dtype=np.float64)
    # Sum and sum of squares of the eigenvalues are trace and Frobenius norm of either product.
    wide = centred.shape[1] > len(centred)
    scatter = centred @ centred.T if wide else centred.T @ centred
    distinct = len(np.unique(x, axis=0))
    dimension = np.trace(scatter) ** 2 / (scatter**2).sum() if distinct > 1 else 0
    return {"distinct_share": distinct / len(x), "effective_dimension": float(dimension)}
