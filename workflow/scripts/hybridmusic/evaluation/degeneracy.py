"""Spaces and clusterings that have collapsed, whatever their scores say."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hybridmusic.clusterings.table import NOISE, coverage

FEW_DISTINCT = 0.5  # a space with a smaller share of distinct rows has collapsed
LARGEST = 0.9  # a clustering with a larger share in one cluster has hardly split anything
NOISY = 0.5  # and one with more noise leaves most tracks out


def one_dimension(dimensions: float) -> float:
    """The effective dimension below which a space of so many `dimensions` is nearly a line."""
    return 1 + min(0.5, 0.1 * (dimensions - 1))


def flags(measures: Mapping[str, float]) -> list[str]:
    """What is degenerate, in words, of what was measured of a space or a clustering or of both.

    `measures` are by name as below, with `dimensions`; what is not among them is not told of.
    """
    line = one_dimension(measures.get("dimensions", np.inf))
    found = {
        "few distinct rows": measures.get("distinct_share", 1) < FEW_DISTINCT,
        "nearly one dimension": measures.get("effective_dimension", np.inf) < line,
        "one cluster": measures.get("largest_share", 0) > LARGEST,
        "mostly noise": measures.get("noise_share", 0) > NOISY,
    }
    return [flag for flag, is_so in found.items() if is_so]


def space_degeneracy(x: np.ndarray) -> dict[str, float]:
    """How much of `x` (tracks, d) is used.

    `distinct_share`: distinct rows over rows, 0..1. `effective_dimension`: the participation
    ratio of the covariance's eigenvalues, (sum)^2 / sum of squares, from 1, one direction, to d,
    all alike (Abbott, Rajan and Sompolinsky 2011); 0 if nothing varies. It depends on the scale
    of the columns.
    """
    centred = np.asarray(x, dtype=np.float64) - np.mean(x, axis=0, dtype=np.float64)
    # Sum and sum of squares of the eigenvalues are trace and Frobenius norm, by either product.
    wide = centred.shape[1] > len(centred)
    scatter = centred @ centred.T if wide else centred.T @ centred
    distinct = len(np.unique(x, axis=0))
    dimension = np.trace(scatter) ** 2 / (scatter**2).sum() if distinct > 1 else 0
    return {"distinct_share": distinct / len(x), "effective_dimension": float(dimension)}


def clustering_degeneracy(clusters: np.ndarray) -> dict[str, float | bool]:
    """`largest_share` and `noise_share` of all tracks, 0..1, and whether they are too large.

    `clusters` is (tracks,) with -1 for noise. `collapsed`: over 90 % lie in one cluster, which is
    not the noise. `noisy`: over half is noise.
    """
    clusters = np.asarray(clusters)
    sizes = np.unique(clusters[clusters != NOISE], return_counts=True)[1]
    largest = float(sizes.max(initial=0) / len(clusters))
    noise = coverage(clusters)["noise_share"]
    return {
        "largest_share": largest,
        "noise_share": noise,
        "collapsed": largest > LARGEST,
        "noisy": noise > NOISY,
    }
