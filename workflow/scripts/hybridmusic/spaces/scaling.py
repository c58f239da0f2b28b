"""Scaling a block of features (paper, section 3.2.5), as a whole or within groups of tracks."""

from __future__ import annotations

import logging
from collections.abc import Callable

import numpy as np
from sklearn.preprocessing import QuantileTransformer, StandardScaler

logger = logging.getLogger(__name__)

# A normal variable lies beyond this many deviations once in 370 times.
CLIP = 3.0


def standardise(x: np.ndarray, like: np.ndarray | None = None) -> np.ndarray:
    """Zero mean and unit variance per column of `x`, shape (tracks, features), as float32.

    Mean and variance are those of `like`, if given, so that other tracks can be scaled like these.
    A constant column becomes zeros: it tells tracks apart no better after scaling than before.
    """
    like = np.asarray(x if like is None else like, dtype=np.float64)
    scaled = StandardScaler().fit(like).transform(np.asarray(x, dtype=np.float64))
    return np.where(np.ptp(like, axis=0) > 0, scaled, 0).astype(np.float32)


def quantile_normal(x: np.ndarray, like: np.ndarray | None = None) -> np.ndarray:
    """Each column of `x`, shape (tracks, features), made standard normal by its ranks, as float32.

    Ranks are those among `like`, if given. Clipped at three deviations, so that no track is an
    outlier. A constant column becomes zeros.
    """
    like = np.asarray(x if like is None else like, dtype=np.float64)
    # All tracks, for the ranks of a random subsample would be random.
    ranks = QuantileTransformer(
        n_quantiles=min(1000, len(like)), output_distribution="normal", subsample=None
    )
    scaled = np.clip(ranks.fit(like).transform(np.asarray(x, dtype=np.float64)), -CLIP, CLIP)
    return np.where(np.ptp(like, axis=0) > 0, scaled, 0).astype(np.float32)


def within(groups: np.ndarray, scale: Callable, x: np.ndarray) -> np.ndarray:
    """`scale` of the tracks of each group by themselves; `groups` names that of each track.

    What shifts or stretches a whole group, as a recording chain does, is gone afterwards. The only
    track of its group says nothing of it: it becomes zeros.
    """
    scaled = np.zeros(x.shape, dtype=np.float32)
    for group in np.unique(groups):
        members = groups == group
        if members.sum() == 1:
            logger.warning("%s has a single track, which scaling by itself turns to zeros", group)
        else:
            scaled[members] = scale(x[members])
    return scaled


def like_within(
    groups: np.ndarray, scale: Callable, x: np.ndarray, others: np.ndarray, like: np.ndarray
) -> np.ndarray:
    """`scale` of `x` as `within` scaled `like`: each track like those of its own group.

    `groups` and `others` name the groups of the tracks of `x` and of `like`. A track of a group
    that is not among `others` is scaled like all of them, of which there is a warning.
    """
    scaled = np.zeros(x.shape, dtype=np.float32)
    for group in np.unique(groups):
        members, known = groups == group, others == group
        if not known.any():
            logger.warning("%s is none of the run: scaled like all of its tracks", group)
            known = np.full(len(like), True)
        if known.sum() > 1:
            scaled[members] = scale(x[members], like[known])
    return scaled
