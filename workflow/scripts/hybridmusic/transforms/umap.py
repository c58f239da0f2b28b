"""Uniform manifold approximation and projection (McInnes et al. 2018; paper, section 3.4)."""

from __future__ import annotations

import numpy as np

from hybridmusic.errors import InputError
from hybridmusic.neighbours import at_most

SEVERAL = False
RANDOM = True
NEEDS = ()
COMPILES = True
SETTINGS = {
    "dimensions": {"type": "integer", "minimum": 1, "default": 2},
    "neighbours": {"type": "integer", "minimum": 2, "default": 15},
    "min_dist": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.1},
}


def transform(
    x: np.ndarray, seed: int, *, dimensions: int, neighbours: int, min_dist: float
) -> np.ndarray:
    """Embed `x` of shape (tracks, d) into (tracks, dimensions).

    Raises InputError if there are too few tracks for the spectral layout that UMAP starts from.
    """
    if len(x) < dimensions + 2:
        raise InputError(
            f"a UMAP of {dimensions} dimensions needs at least {dimensions + 2} tracks, and there "
            f"are {len(x)}"
        )
    reducer = _load_umap()(
        n_components=dimensions,
        n_neighbors=at_most(neighbours, len(x)),
        min_dist=min_dist,
        random_state=seed,
        n_jobs=1,
    )
    return reducer.fit_transform(x)


def warm_up(n_tracks: int) -> None:
    """Have everything compiled that embedding `n_tracks` tracks needs.

    From 4,096 tracks on, umap-learn looks for neighbours in another way.
    """
    x = np.random.default_rng(0).normal(size=(64 if n_tracks < 4096 else 4200, 8))
    transform(x.astype(np.float32), 0, dimensions=2, neighbours=5, min_dist=0.1)


def _load_umap() -> type:
    """The class UMAP, its compiled functions kept on disk.

    umap-learn does not ask numba to cache what it compiles, so every process would spend 15 s on
    compiling the same functions; with the cache that happens once per installation.
    """
    import numba

    plain = numba.njit

    def cached(*args, **kwargs):
        return plain(*args, **{"cache": True} | kwargs)

    numba.njit = cached
    try:
        from umap import UMAP
    finally:
        numba.njit = plain
    return UMAP
