"""Put spaces side by side: early fusion (paper, section 3.2.5).

The paper's fusion weighs a block by its number of columns: 384 of the text against 52 of the audio.
With equal weights, all blocks have the same total variance. Multiple factor analysis (Escofier &
Pagès 1994) weighs blocks likewise, by their largest eigenvalue.
"""

from __future__ import annotations

import numpy as np

from hybridmusic.spaces.scaling import weighted_equally

SEVERAL = True
RANDOM = False
SETTINGS = {"weights": {"enum": ["none", "equal"], "default": "none"}}


def transform(x: list[np.ndarray], seed: int, *, weights: str) -> np.ndarray:
    """Join spaces of shapes (tracks, d1), (tracks, d2), ... to (tracks, d1 + d2 + ...).

    `weights` are `none`, or `equal` for blocks of the same total variance.
    """
    return place(x, x, weights=weights)


def place(old: list[np.ndarray], new: list[np.ndarray], *, weights: str) -> np.ndarray:
    """Join the spaces of new tracks, weighted as those of old tracks are."""
    return weighted_equally(new, old) if weights == "equal" else np.hstack(new)
