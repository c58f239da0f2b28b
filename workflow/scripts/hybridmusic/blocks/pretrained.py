"""A space of clips' embeddings by an audio model that somebody else has trained."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.blocks._joined import join

READS = ("features",)
NEEDS_SOUND = True
PRETRAINED = True
SETTINGS = {
    "model": {"type": "string", "minLength": 1},
    "layer": {
        "anyOf": [{"type": "integer"}, {"type": "null"}],
        "default": None,
        "description": "the number of a layer, 0 before the first, or null for what a model gives",
    },
    "standardise": {"type": "boolean", "default": True},
}


def block(
    features: pd.DataFrame,
    vectors: pd.DataFrame,
    *,
    model: str,
    layer: int | None,
    standardise: bool,
) -> tuple[list[str], np.ndarray]:
    """Ids and embeddings of the tracks, which `vectors` has by id, as `model` and `layer` gave."""
    return join("embedded clips", features, vectors, standardise)
