"""Scaling a block of features (paper, section 3.2.5), as a whole or within groups of tracks."""

from __future__ import annotations

import logging
from collections.abc import Callable

import numpy as np
from sklearn.preprocessing import QuantileTransformer, StandardScaler

logger = logging.getLogger(__name__)

# A normal variable lies beyond this many deviations once in 370 times.
CLIP = 3.0


def standardise(x: np.ndarray) -> np.ndarray:
    """Zero mean and unit variance per column of `x`, shape (tracks, features), as float32.

    A constant column becomes zeros: it tells tracks apart no better after scaling than before.
    """
    return StandardScaler().fit_transform(np.asarray(x, dtype=np.float64)).astype(np.float32)


def quantile_normal(x: np.ndarray) -> np.ndarray:
    """Each column of `x`, shape (tracks, features), made standard normal by its ranks, as float32.

    Clipped at three deviations, so that no track is an outlier. A constant column becomes zeros.
    """
    x = np.asarray(x, dtype=np.float64)
    # All tracks, for the ranks of a random subsample would be random.
    ranks = QuantileTransformer(
        n_quantiles=min(1000, len(x)), output_distribution="normal", subsample=None
    )
    scaled = np.clip(ranks.fit_transform(x), -CLIP, CLIP)
    return np.where(np.ptp(x, axis=0) > 0, scaled, 0).astype(np.float32)


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
