"""Spaces and clusterings that have collapsed, whatever their scores say."""

from __future__ import annotations

import numpy as np

from hybridmusic.scores import NOISE, coverage

LARGEST = 0.9  # a clustering with a larger share in one cluster has hardly split anything
NOISY = 0.5  # and one with more noise leaves most tracks out


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
