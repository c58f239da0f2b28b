"""A space from outside: vectors that somebody computed elsewhere, joined by id."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.blocks._joined import join

READS = ("features",)
SETTINGS = {
    "path": {"type": "string", "minLength": 1},
    "standardise": {"type": "boolean", "default": False},
    # Whether a model made them that was trained on other data; nobody can tell by looking at them.
    "pretrained": {"type": "boolean", "default": True},
}


def block(
    features: pd.DataFrame, vectors: pd.DataFrame, *, standardise: bool, pretrained: bool = True
) -> tuple[list[str], np.ndarray]:
    """Ids and vectors of the tracks that `vectors`, with `id` and `vector`, knows; see `join`.

    `pretrained` marks the space and changes nothing in it.
    """
    return join("external vectors", features, vectors, standardise)
