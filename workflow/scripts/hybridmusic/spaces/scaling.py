"""Scale features (paper, section 3.2.5), as a whole or within groups of tracks."""

from __future__ import annotations

import logging
from collections.abc import Callable

import numpy as np
from sklearn.preprocessing import QuantileTransformer, StandardScaler

logger = logging.getLogger(__name__)

# Standard deviations, which a normal variable exceeds once in 370 times.
CLIP = 3.0


def standardise(x: np.ndarray, like: np.ndarray | None = None) -> np.ndarray:
    """Scale each column of `x` (tracks, features) to zero mean and unit variance, as float32.

    Mean and variance are those of `like` (tracks, features), by default of `x`. A constant column
    becomes zeros.
    """
    like = np.asarray(x if like is None else like, dtype=np.float64)
    scaled = StandardScaler().fit(like).transform(np.asarray(x, dtype=np.float64))
    return np.where(np.ptp(like, axis=0) > 0, scaled, 0).astype(np.float32)


def quantile_normal(x: np.ndarray, like: np.ndarray | None = None) -> np.ndarray:
    """Map each column of `x` (tracks, features) to a standard normal by ranks, as float32.

    Ranks are those among `like` (tracks, features), by default among `x`. Values are clipped at
    three deviations, so that no track is an outlier. A constant column becomes zeros.
    """
    like = np.asarray(x if like is None else like, dtype=np.float64)
    # Not of a subsample, whose ranks would be random.
    ranks = QuantileTransformer(
        n_quantiles=min(1000, len(like)), output_distribution="normal", subsample=None
    )
    scaled = np.clip(ranks.fit(like).transform(np.asarray(x, dtype=np.float64)), -CLIP, CLIP)
    return np.where(np.ptp(like, axis=0) > 0, scaled, 0).astype(np.float32)


def weighted_equally(blocks: list[np.ndarray], like: list[np.ndarray] | None = None) -> np.ndarray:
    """Join blocks (tracks, d1), (tracks, d2), ... side by side, weighted to equal total variance.

    The total variance of a block is the sum of the variances of its columns. Each block is
    multiplied by one number, which gives it the mean total variance of the blocks that vary. A
    block of constant columns becomes zeros. Variances are those of `like`, by default of `blocks`.
    """
    like = blocks if like is None else like
    totals = np.array([_total_variance(block) for block in like])
    mean = totals.sum() / max(1, np.count_nonzero(totals))
    weights = np.sqrt(mean / np.where(totals > 0, totals, np.inf))
    weighted = [block * weight for block, weight in zip(blocks, weights, strict=True)]
    return np.hstack(weighted).astype(np.float32)


def _total_variance(block: np.ndarray) -> float:
    # Rounding gives a constant column of doubles a tiny variance, which a weight would magnify.
    return float((block.var(axis=0, dtype=float) * (np.ptp(block, axis=0) > 0)).sum())


def within(groups: np.ndarray, scale: Callable, x: np.ndarray) -> np.ndarray:
    """Apply `scale` to the tracks of each group separately.

    This removes shifts and stretches of a whole group, such as those of a recording chain. A group
    of a single track becomes zeros.

    Parameters
    ----------
    groups : group of each track, (tracks,)
    scale : `standardise` or `quantile_normal`
    x : (tracks, features)
    """
    scaled = np.zeros(x.shape, dtype=np.float32)
    for group in np.unique(groups):
        members = groups == group
        if members.sum() == 1:
            logger.warning("%s has a single track, which becomes zeros", group)
        else:
            scaled[members] = scale(x[members])
    return scaled


def like_within(
    groups: np.ndarray, scale: Callable, x: np.ndarray, others: np.ndarray, like: np.ndarray
) -> np.ndarray:
    """Scale each track of `x` as `within` scaled the tracks of its group in `like`.

    A track whose group is not among `others` is scaled like all of `like`, and a warning says so.

    Parameters
    ----------
    groups, others : group of each track of `x` and of `like`
    scale : `standardise` or `quantile_normal`
    x, like : (tracks, features)
    """
    scaled = np.zeros(x.shape, dtype=np.float32)
    for group in np.unique(groups):
        members, known = groups == group, others == group
        if not known.any():
            logger.warning("'%s' does not occur in the run; scaled with all tracks", group)
            known = np.full(len(like), True)
        if known.sum() > 1:
            scaled[members] = scale(x[members], like[known])
    return scaled
