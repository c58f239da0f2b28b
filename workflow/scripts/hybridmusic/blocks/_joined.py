"""Join vectors by id to the tracks of a run, for blocks that come from a model."""

from __future__ import annotations

import logging

import numpy as np
import pandas as pd

from hybridmusic.errors import InputError
from hybridmusic.spaces.scaling import standardise as scaled

logger = logging.getLogger(__name__)


def join(
    noun: str, features: pd.DataFrame, vectors: pd.DataFrame, standardise: bool
) -> tuple[list[str], np.ndarray]:
    """Return the ids and the vectors (tracks, d) of the tracks that have a vector.

    Ids that only one side has are counted and named in the log.

    Parameters
    ----------
    noun : name of the vectors in error messages
    features : frame with an `id` for each track
    vectors : frame of `id` and `vector`
    standardise : whether to scale each column to zero mean and unit variance

    Raises
    ------
    InputError : if no id matches, or if the vectors cannot be used
    """
    twice = vectors["id"][vectors["id"].duplicated()]
    if len(twice):
        raise InputError(f"{noun}: two have the id {twice.iloc[0]!r}")
    ours, theirs = set(features["id"]), set(vectors["id"])
    if not ours & theirs:
        raise InputError(
            f"{noun}: none of their {len(theirs)} ids is the id of a track; theirs are "
            f"like {_first(theirs)}, those of tracks like {_first(ours)}"
        )
    if ours - theirs:
        logger.warning(
            "%d of %d tracks have no vector and are left out of the space: %s",
            len(ours - theirs),
            len(ours),
            _first(ours - theirs),
        )
    if others := theirs - ours:
        logger.warning("%d vectors belong to no track: %s", len(others), _first(others))
    ids = [track for track in features["id"] if track in theirs]
    chosen = vectors.set_index("id").loc[ids, "vector"].to_list()
    if len({np.shape(vector) for vector in chosen}) > 1:
        raise InputError(f"{noun}: they are not all of one length")
    try:
        stacked = np.stack(chosen).astype(np.float32)
    except (ValueError, TypeError) as error:
        raise InputError(f"{noun}: they hold values that are no numbers") from error
    if stacked.ndim != 2 or not stacked.size or not np.isfinite(stacked).all():
        raise InputError(f"{noun}: they hold values that are not finite, or nothing")
    return ids, scaled(stacked) if standardise else stacked


def _first(ids: set[str]) -> str:
    """Return up to three of the ids, for a message."""
    shown = ", ".join(repr(name) for name in sorted(ids)[:3])
    return shown + (", …" if len(ids) > 3 else "")
