"""The audio block: moments of the MFCCs (paper, section 3.2.2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.scaling import standardise

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
ORDER = ("mean", "std", "min", "max")


def block(features: pd.DataFrame, *, statistics: list[str]) -> tuple[list[str], np.ndarray]:
    """Ids, and the chosen statistics of 13 coefficients, standardised: (tracks, 13 s)."""
    moments = np.stack(features["mfcc"].to_list()).reshape(len(features), -1, len(ORDER))
    chosen = moments[:, :, [ORDER.index(name) for name in statistics]]
    return features["id"].to_list(), standardise(chosen.reshape(len(features), -1))
