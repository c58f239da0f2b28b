"""How many neighbours a track can have."""

from __future__ import annotations

import logging

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
