"""The audio block: moments of the MFCCs (paper, section 3.2.2)."""

from __future__ import annotations

import logging

import numpy as np
import pandas as pd

from hybridmusic.audio import STATISTICS
from hybridmusic.errors import InputError
from hybridmusic.scaling import standardise

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
    """Ids, and the chosen statistics of 13 coefficients, standardised: (tracks, 13 s).

    A statistic that some track lacks, because its features came from a table, is left out.
    """
    moments = np.stack(features["mfcc"].to_list()).reshape(len(features), -1, len(STATISTICS))
    complete = np.isfinite(moments).all(axis=(0, 1))
    lacking = [name for name in statistics if not complete[STATISTICS.index(name)]]
    if lacking == statistics:
        raise InputError(f"no track has all of {', '.join(statistics)} of the MFCCs")
    if lacking:
        logger.warning("left out, because some tracks lack it: MFCC %s", ", ".join(lacking))
    kept = [STATISTICS.index(name) for name in statistics if name not in lacking]
    chosen = moments[:, :, kept]
    return features["id"].to_list(), standardise(chosen.reshape(len(features), -1))
