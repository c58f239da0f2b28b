"""Make a block of clips embedded by a pretrained audio model."""

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
        "description": "the number of a layer, 0 before the first, or null for the model's output",
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
    """Return the ids and the embeddings of the tracks; `model` and `layer` have made `vectors`."""
    return join("embedded clips", features, vectors, standardise)
