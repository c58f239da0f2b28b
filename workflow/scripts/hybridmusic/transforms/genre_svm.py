"""Score tracks by out-of-fold genre classifiers: the supervised ceiling.

Each fold has a classifier of its own, so none is there for new songs. Their nearest known tracks
place them, as in a map.
"""

from __future__ import annotations

import numpy as np

from hybridmusic.evaluation import classifier

SEVERAL = False
RANDOM = True
NEEDS = ("genre", "unit")
LEARNS_FROM = "genre"
SETTINGS = {
    "folds": {"type": "integer", "minimum": 2, "default": 5},
}


def transform(
    x: np.ndarray, seed: int, *, genre: np.ndarray, unit: np.ndarray, folds: int
) -> np.ndarray:
    """Return out-of-fold scores of `x` (tracks, d) for each genre, (tracks, genres).

    Support vector machines are cross-validated; folds are split by artist or song. See
    `hybridmusic.evaluation.classifier`.
    """
    return classifier.out_of_fold(x, genre, unit, folds, seed).astype(np.float32)
