"""Make a block of vectors that were computed elsewhere, joined by id."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.blocks._joined import join

READS = ("features",)
SETTINGS = {
    "path": {"type": "string", "minLength": 1},
    "standardise": {"type": "boolean", "default": False},
    # Whether a model made them that was trained on other data, which the vectors do not show.
    "pretrained": {"type": "boolean", "default": True},
}


def block(
    features: pd.DataFrame, vectors: pd.DataFrame, *, standardise: bool, pretrained: bool = True
) -> tuple[list[str], np.ndarray]:
    """Return the ids and the vectors of the tracks that have a vector; see `join`.

    `pretrained` marks the space in tables and does not change it.
    """
    return join("external vectors", features, vectors, standardise)
