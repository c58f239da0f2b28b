"""Uniform manifold approximation and projection (McInnes et al. 2018; paper, section 3.4)."""

from __future__ import annotations

import warnings

import numpy as np

from hybridmusic.errors import InputError
from hybridmusic.spaces.neighbours import Neighbours, at_most, knn_graph

SEVERAL = False
RANDOM = True
NEEDS = ()
COMPILES = True
GRAPH = "neighbours"
SETTINGS = {
    "dimensions": {"type": "integer", "minimum": 1, "default": 2},
    "neighbours": {"type": "integer", "minimum": 2, "default": 15},
    "min_dist": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.1},
    "metric": {"enum": ["euclidean", "cosine"], "default": "euclidean"},
    "balance": {"enum": ["none", "language"], "default": "none"},
}


def transform(
    x: np.ndarray,
    seed: int,
    *,
    graph: Neighbours,
    dimensions: int,
    neighbours: int,
    min_dist: float,
    metric: str,
    balance: str,
) -> np.ndarray:
    """Embed `x` of shape (tracks, d) into (tracks, dimensions).

    `graph` has its neighbours by `metric` and `balance`; every track counts as its own first one.
    Tracks start from the eigenvectors of their graph, or where it falls into parts from their
    principal components, which keep the places of the parts (Kobak and Linderman 2021). Raises
    InputError if there are too few tracks for the spectral layout that UMAP starts from, or no
    neighbours.
    """
    if len(x) < dimensions + 2:
        raise InputError(
            f"a UMAP of {dimensions} dimensions needs at least {dimensions + 2} tracks, and there "
            f"are {len(x)}"
        )
    near = graph.nearest(at_most(neighbours, len(x)) - 1)
    if not near.indices.size:
        raise InputError(f"a UMAP needs neighbours, and each track is alone in its {balance}")
    itself = np.arange(len(x), dtype=near.indices.dtype)[:, None], np.zeros((len(x), 1), np.float32)
    indices, distances = map(np.hstack, zip(itself, near[:2], strict=True))
    epochs = 500 if len(x) <= 10_000 else 200  # UMAP's own default
    umap = _load_umap()
    reducer = umap(
        n_components=dimensions,
        n_neighbors=indices.shape[1],
        min_dist=min_dist,
        metric=metric,
        precomputed_knn=(indices, distances),
        n_epochs=epochs,
        init=_start(x, indices, distances, epochs, dimensions),
        random_state=seed,
        n_jobs=1,
    )
    with warnings.catch_warnings():
        # Without an index of its own it cannot place tracks that come later, which nobody asks for.
        warnings.filterwarnings("ignore", message="precomputed_knn", category=UserWarning)
        return reducer.fit_transform(x)


def _start(
    x: np.ndarray, indices: np.ndarray, distances: np.ndarray, epochs: int, dimensions: int
) -> str:
    """What UMAP is to start from.

    Its own layout of parts that nothing connects comes out anew at every call, whatever the seed:
    far from each other they have affinities of zero, whose eigenvectors are anything.
    """
    from scipy.sparse.csgraph import connected_components
    from umap.umap_ import fuzzy_simplicial_set

    graph, *_ = fuzzy_simplicial_set(
        x, indices.shape[1], 0, "precomputed", knn_indices=indices, knn_dists=distances
    )
    # Edges that optimising would never come to are left out before the layout.
    graph.data[graph.data < graph.data.max() / epochs] = 0
    graph.eliminate_zeros()
    if connected_components(graph, return_labels=False) == 1:
        return "spectral"
    return "pca" if min(x.shape) >= dimensions else "random"


def warm_up() -> None:
    """Have everything compiled that embedding needs."""
    x = np.random.default_rng(0).normal(size=(64, 8)).astype(np.float32)
    graph = Neighbours(lambda: knn_graph(x, 5, exact_up_to=64, seed=0))
    defaults = {name: schema["default"] for name, schema in SETTINGS.items()}
    transform(x, 0, graph=graph, **defaults | {"neighbours": 5})


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
