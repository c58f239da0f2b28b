"""Make the audio block of moments of the MFCCs (paper, section 3.2.2)."""

from __future__ import annotations

import logging

import numpy as np
import pandas as pd

from hybridmusic.errors import InputError
from hybridmusic.sound.features import STATISTICS
from hybridmusic.spaces.scaling import standardise

logger = logging.getLogger(__name__)

READS = ("features",)
SETTINGS = {
    "statistics": {
        "type": "array",
        "items": {"enum": ["mean", "std", "min", "max"]},
        "minItems": 1,
        "uniqueItems": True,
        "default": ["mean", "std", "min", "max"],
    },
}


def block(features: pd.DataFrame, *, statistics: list[str]) -> tuple[list[str], np.ndarray]:
    """Return ids, and the standardised statistics of 13 coefficients: (tracks, 13 statistics).

    A statistic that some track lacks, because its features come from a table, is left out.
    """
    moments = _moments(features)
    return features["id"].to_list(), standardise(_chosen(moments, _kept(moments, statistics)))


def place(
    old: dict[str, pd.DataFrame], new: dict[str, pd.DataFrame], *, statistics: list[str]
) -> np.ndarray:
    """Return the old tracks' statistics for the new tracks, scaled like the old.

    Raises InputError if a new track lacks one.
    """
    known, moments = _moments(old["features"]), _moments(new["features"])
    kept = _kept(known, statistics)
    chosen = _chosen(moments, kept)
    if not np.isfinite(chosen).all():
        used = ", ".join(STATISTICS[position] for position in kept)
        raise InputError(
            f"the run uses the {used} of the MFCCs, and some of the new tracks lack one: tracks of "
            "a feature table can only join a run that has such a table too"
        )
    return standardise(chosen, _chosen(known, kept))


def _moments(features: pd.DataFrame) -> np.ndarray:
    """Return the statistics of the coefficients, (tracks, 13, 4)."""
    return np.stack(features["mfcc"].to_list()).reshape(len(features), -1, len(STATISTICS))


def _chosen(moments: np.ndarray, kept: list[int]) -> np.ndarray:
    return moments[:, :, kept].reshape(len(moments), -1)


def _kept(moments: np.ndarray, statistics: list[str]) -> list[int]:
    """Return the positions of the statistics that all tracks have."""
    complete = np.isfinite(moments).all(axis=(0, 1))
    lacking = [name for name in statistics if not complete[STATISTICS.index(name)]]
    if lacking == statistics:
        raise InputError(f"no track has all of {', '.join(statistics)} of the MFCCs")
    if lacking:
        logger.warning("left out, because some tracks lack it: MFCC %s", ", ".join(lacking))
    return [STATISTICS.index(name) for name in statistics if name not in lacking]
