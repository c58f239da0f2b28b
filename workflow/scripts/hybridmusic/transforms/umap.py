"""Project by UMAP (McInnes et al. 2018; paper, section 3.4)."""

from __future__ import annotations

import warnings

import numpy as np

from hybridmusic.errors import InputError
from hybridmusic.spaces.neighbours import Neighbours, at_most, knn_graph

SEVERAL = False
RANDOM = True
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

    Tracks start from the eigenvectors of their graph. If the graph is not connected, they start
    from their principal components, which keep the positions of its parts (Kobak and Linderman
    2021).

    Parameters
    ----------
    graph : neighbours by `metric` and `balance`
    neighbours : size of a neighbourhood, in which each track counts as its own first neighbour
    min_dist : least distance between tracks on the map

    Raises
    ------
    InputError : if the spectral layout needs more tracks, or if tracks have no neighbours
    """
    if len(x) < dimensions + 2:
        raise InputError(
            f"a UMAP of {dimensions} dimensions needs at least {dimensions + 2} tracks, and there "
            f"are {len(x)}"
        )
    nearest = graph.nearest(at_most(neighbours, len(x)) - 1)
    if not nearest.indices.size:
        raise InputError(f"a UMAP needs neighbours, and each track is alone in its {balance}")
    rows = np.arange(len(x), dtype=nearest.indices.dtype)[:, None]
    itself = rows, np.zeros((len(x), 1), np.float32)
    indices, distances = map(np.hstack, zip(itself, nearest[:2], strict=True))
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
        # Without its own index UMAP cannot transform later tracks, which is not needed here.
        warnings.filterwarnings("ignore", message="precomputed_knn", category=UserWarning)
        return reducer.fit_transform(x)


def _start(
    x: np.ndarray, indices: np.ndarray, distances: np.ndarray, epochs: int, dimensions: int
) -> str:
    """Return the initialisation of UMAP: "spectral" if the graph is connected.

    UMAP's spectral layout of unconnected parts differs between calls with the same seed, because
    affinities between the parts are zero and any mixture of their eigenvectors fits.
    """
    from scipy.sparse.csgraph import connected_components
    from umap.umap_ import fuzzy_simplicial_set

    graph, *_ = fuzzy_simplicial_set(
        x, indices.shape[1], 0, "precomputed", knn_indices=indices, knn_dists=distances
    )
    # UMAP drops edges that the optimiser would never sample before it computes the layout.
    graph.data[graph.data < graph.data.max() / epochs] = 0
    graph.eliminate_zeros()
    if connected_components(graph, return_labels=False) == 1:
        return "spectral"
    return "pca" if min(x.shape) >= dimensions else "random"


def warm_up() -> None:
    """Compile everything that embedding needs."""
    x = np.random.default_rng(0).normal(size=(64, 8)).astype(np.float32)
    graph = Neighbours(lambda: knn_graph(x, 5, exact_up_to=64, seed=0))
    defaults = {name: schema["default"] for name, schema in SETTINGS.items()}
    transform(x, 0, graph=graph, **defaults | {"neighbours": 5})


def _load_umap() -> type:
    """Return the class UMAP with a cache of compiled functions on disk.

    umap-learn does not let numba cache its functions, so every process would compile them for 15 s.
    With the cache this happens once per installation.
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
