"""Fit a mixture of Gaussians by expectation maximisation (Dempster et al. 1977)."""

from __future__ import annotations

import numpy as np
from sklearn.mixture import GaussianMixture

RANDOM = True
NEEDS_K = True
SETTINGS = {
    "covariance": {"enum": ["diag", "full", "tied", "spherical"], "default": "diag"},
    "starts": {"type": "integer", "minimum": 1, "default": 10},
}


def cluster(x: np.ndarray, k: int, seed: int, *, covariance: str, starts: int) -> np.ndarray:
    """Return the likeliest component of each row of `x` (tracks, d), the best of `starts` fits."""
    model = GaussianMixture(
        n_components=k,
        covariance_type=covariance,
        n_init=starts,
        max_iter=300,
        random_state=seed,
    )
    return model.fit_predict(np.asarray(x, dtype=np.float64))
