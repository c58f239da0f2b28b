"""Project on principal components."""

from __future__ import annotations

import numpy as np
from sklearn.decomposition import PCA

SEVERAL = False
RANDOM = False
SETTINGS = {
    "variance": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "default": 0.95},
}


def transform(x: np.ndarray, seed: int, *, variance: float) -> np.ndarray:
    """Return the leading components of `x` (tracks, d) that explain this share of its variance."""
    return PCA(n_components=variance, svd_solver="full").fit_transform(x)


def place(old: np.ndarray, new: np.ndarray, *, variance: float) -> np.ndarray:
    """Project `new` on the components of `old`."""
    return PCA(n_components=variance, svd_solver="full").fit(old).transform(new)
