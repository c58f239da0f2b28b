"""Mixing of languages among neighbours in a space: language as a batch effect."""

from __future__ import annotations

import numpy as np
from scipy.special import softmax

from hybridmusic.errors import InputError
from hybridmusic.evaluation.contingency import entropy
from hybridmusic.evaluation.resampling import codes, parts

NEIGHBOURS = 90  # of which 30 count, in effect (Korsunsky et al. 2019)
HALVINGS = 30  # of the search for a kernel's width, to 60 / 2^30 of its logarithm


def neighbours(
    x: np.ndarray, units, k: int = NEIGHBOURS, rows: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Find each track's `k` nearest tracks of other units, by Euclidean distance.

    Clips of one song or artist are alike in much, so others of the same unit would hide mixing.
    Fewer are used if the largest unit leaves fewer others. `x` is (tracks, d), `rows` the tracks to
    find neighbours of, by default all. Returns indices and distances, both (rows, k), nearest
    first. Raises InputError if there is only one unit.
    """
    # Imported here: tables and figures use the rest of the module and need not wait for it.
    from sklearn.neighbors import NearestNeighbors

    unit = codes(units)
    largest = np.bincount(unit).max()
    k = min(k, len(unit) - largest)
    if k < 1:
        raise InputError("neighbours of other songs or artists need at least two")
    # The search also returns other tracks of the same unit, the track itself among them.
    search = NearestNeighbors(n_neighbors=k + largest).fit(x)
    rows = np.arange(len(x)) if rows is None else rows
    distances, indices = search.kneighbors(x[rows])
    chosen = np.argsort(unit[indices] == unit[rows, None], axis=1, kind="stable")[:, :k]
    return np.take_along_axis(indices, chosen, axis=1), np.take_along_axis(
        distances, chosen, axis=1
    )


def gaussian_weights(distances: np.ndarray, perplexity: float) -> np.ndarray:
    """Return weights of neighbours at `distances` (tracks, k) that sum to 1 for each track.

    Each track has a Gaussian kernel, so wide that exp(entropy) of its weights is `perplexity` (van
    der Maaten and Hinton 2008). Neighbours at equal distances have equal weights, even if more
    than `perplexity` are nearest.
    """
    squares = distances**2
    squares = squares - squares.min(axis=1, keepdims=True)
    scale = squares.mean(axis=1, keepdims=True)
    squares = np.divide(squares, scale, out=np.zeros_like(squares), where=scale > 0)
    low, high = np.full_like(scale, -20.0), np.full_like(scale, 40.0)  # log precision
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        weights = softmax(-squares * np.exp(middle), axis=1)
        wide = entropy(weights)[:, None] > np.log(perplexity)
        low, high = np.where(wide, middle, low), np.where(wide, high, middle)
    return weights


def mixing(labels, units, indices: np.ndarray, distances: np.ndarray) -> float:
    """Return how well `labels` (tracks,) mix among neighbours: 0 if apart, 1 as if at random.

    For each track this is the chance that two draws from its neighbours differ in their label,
    1 - 1 / LISI. Weights have a perplexity of a third of the neighbours (Korsunsky et al. 2019,
    Nature Methods 16). The mean over tracks is divided by its exact mean over all permutations of
    the labels over the `parts` of `units` (tracks,), so that unequal languages and several tracks
    of a unit reach 1 too; by luck it may exceed 1. `indices`
    and `distances` are those of `neighbours`. NaN for a single label.
    """
    label, part = codes(labels), parts(units, labels)
    weights = gaussian_weights(distances, max(1, distances.shape[1] / 3))
    counts, n = np.bincount(label[np.unique(part, return_index=True)[1]]), part.max() + 1
    if len(counts) == 1:
        return float("nan")
    differ = 1 - (counts * (counts - 1)).sum() / (n * (n - 1))
    # Two draws of one part agree, however well labels mix.
    expected = differ * (1 - _agreement(part, indices, weights))
    return float((1 - _agreement(label, indices, weights)).sum() / expected.sum())


def shared_genres(languages, genres) -> np.ndarray:
    """Return which tracks have a genre that every language has, (tracks,) of bool.

    Both arguments are (tracks,). Case is ignored; None is an unknown genre and never shared. Only
    these tracks can show whether music of one genre comes together across languages.
    """
    names = [None if genre is None else genre.casefold() for genre in genres]
    everywhere = set.intersection(
        *(
            {name for name, one in zip(names, languages, strict=True) if one == language} - {None}
            for language in set(languages)
        )
    )
    return np.array([name in everywhere for name in names], dtype=bool)


def _agreement(label: np.ndarray, indices: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the chance that two draws from a track's neighbours have one label, (tracks,)."""
    row = np.arange(len(indices))[:, None]
    cells, cell = np.unique(row * (label.max() + 1) + label[indices], return_inverse=True)
    shares = np.bincount(cell.ravel(), weights.ravel())
    return np.bincount(cells // (label.max() + 1), shares**2, minlength=len(indices))
