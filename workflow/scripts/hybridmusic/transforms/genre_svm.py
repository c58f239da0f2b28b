"""What a classifier hears that was told the genres of all other songs: the supervised ceiling.

No track is judged by its own genre, so there is no one classifier to judge new songs: they are
placed by their nearest known tracks, as in a map.
"""

from __future__ import annotations

import numpy as np

from hybridmusic.evaluation import classifier

SEVERAL = False
RANDOM = True
NEEDS = ("genre", "song")
COMPILES = False
LEARNS_FROM = "genre"
SETTINGS = {
    "folds": {"type": "integer", "minimum": 2, "default": 5},
}


def transform(
    x: np.ndarray, seed: int, *, genre: np.ndarray, song: np.ndarray, folds: int
) -> np.ndarray:
    """How much each row of `x` (tracks, d) sounds like each genre, (tracks, genres).

    By a support vector machine, cross-validated by song: see `supervised.out_of_fold`.
    """
    return classifier.out_of_fold(x, genre, song, folds, seed).astype(np.float32)
