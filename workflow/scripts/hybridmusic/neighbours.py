"""How many neighbours a track can have, and which they are."""

from __future__ import annotations

import logging

import numpy as np
from sklearn.neighbors import NearestNeighbors

from hybridmusic.errors import InputError

logger = logging.getLogger(__name__)


def at_most(wanted: int, n_tracks: int) -> int:
    """`wanted` neighbours, or with a warning as many as there are other tracks."""
    if wanted < n_tracks:
        return wanted
    logger.warning(
        "neighbours = %d, but a track of %d has only %d others: so many are used",
        wanted,
        n_tracks,
        n_tracks - 1,
    )
    return n_tracks - 1


def nearest(x: np.ndarray, k: int) -> np.ndarray:
    """Rows of the `k` nearest others of each track of `x` (tracks, d), nearest first, (tracks, k).

    Raises InputError if there is a single track, which has no others.
    """
    if len(x) < 2:
        raise InputError("neighbours need at least two tracks, and there is one")
    fitted = NearestNeighbors(n_neighbors=at_most(k, len(x))).fit(x)
    return fitted.kneighbors(return_distance=False)
