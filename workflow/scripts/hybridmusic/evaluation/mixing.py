"""Language as a batch effect: whether languages mix among neighbours in a space."""

from __future__ import annotations

import numpy as np
from scipy.special import softmax

from hybridmusic.errors import InputError
from hybridmusic.evaluation.contingency import entropy
from hybridmusic.evaluation.resampling import codes

NEIGHBOURS = 90  # of which 30 count, in effect (Korsunsky et al. 2019)
HALVINGS = 30  # of the range in which a kernel's width is looked for: to 60 / 2^30 of its logarithm


def neighbours(
    x: np.ndarray, songs, k: int = NEIGHBOURS, rows: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Indices and Euclidean distances of each track's `k` nearest tracks of other songs.

    Both are (tracks, k), nearest first; fewer where a song leaves fewer others. With `rows` they
    are those of these tracks alone, among all. Clips of one song lie together and share
    everything, so among them nothing would ever mix. Raises InputError where there is only one
    song.
    """
    # Imported here, because what names the measures alone need not wait a second for it.
    from sklearn.neighbors import NearestNeighbors

    song = codes(songs)
    largest = np.bincount(song).max()
    k = min(k, len(song) - largest)
    if k < 1:
        raise InputError("neighbours of other songs need at least two songs")
    # A track finds itself as well, which is of its song.
    search = NearestNeighbors(n_neighbors=k + largest).fit(x)
    rows = np.arange(len(x)) if rows is None else rows
    distances, indices = search.kneighbors(x[rows])
    chosen = np.argsort(song[indices] == song[rows, None], axis=1, kind="stable")[:, :k]
    return np.take_along_axis(indices, chosen, axis=1), np.take_along_axis(
        distances, chosen, axis=1
    )


def gaussian_weights(distances: np.ndarray, perplexity: float) -> np.ndarray:
    """Weights of neighbours at `distances` (tracks, k) that sum to 1 for each track.

    A Gaussian for each track, so wide that exp(entropy) of its weights is `perplexity` (van der
    Maaten and Hinton 2008); where more neighbours than that are equally near, these share it.
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


def lisi(labels, indices: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """Local inverse Simpson index of each track, (tracks,): how many labels its neighbours have.

    From 1, all neighbours have one label, to the number of labels. `labels` is (tracks,),
    `indices` and `distances` are of `neighbours`; the perplexity is a third of the neighbours, as
    in Korsunsky et al. (2019), Nature Methods 16.
    """
    return 1 / _simpson(codes(labels), indices, _weights(distances))


def mixing(labels, indices: np.ndarray, distances: np.ndarray) -> float:
    """How well labels mix among neighbours: 0 where they keep apart, 1 as if dealt out at random.

    1 - 1 / LISI is the chance that two draws from a track's neighbours differ in their label. Its
    mean over tracks is divided by what it would be for labels dealt out in their own proportions,
    so unequal languages reach 1 too; by luck it is passed a little. NaN for a single label.
    """
    label, weights = codes(labels), _weights(distances)
    counts, n = np.bincount(label), len(label)
    if len(counts) == 1:
        return float("nan")
    differ = 1 - (counts * (counts - 1)).sum() / (n * (n - 1))
    # A neighbour that is drawn twice agrees with itself, however well labels mix.
    expected = differ * (1 - (weights**2).sum(axis=1))
    return float((1 - _simpson(label, indices, weights)).sum() / expected.sum())


def shared_genres(languages, genres) -> np.ndarray:
    """Which tracks have a genre that every language has, (tracks,) of bool; case is ignored.

    Both are (tracks,); None is an unknown genre, which nothing shares. Only these tracks can show
    whether music of one genre comes together across languages.
    """
    names = [None if genre is None else genre.casefold() for genre in genres]
    everywhere = set.intersection(
        *(
            {name for name, one in zip(names, languages, strict=True) if one == language} - {None}
            for language in set(languages)
        )
    )
    return np.array([name in everywhere for name in names], dtype=bool)


def _weights(distances: np.ndarray) -> np.ndarray:
    return gaussian_weights(distances, max(1, distances.shape[1] / 3))


def _simpson(label: np.ndarray, indices: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Chance that two draws by `weights` from a track's neighbours have one label, (tracks,)."""
    near = label[indices]
    shares = [(weights * (near == one)).sum(axis=1) for one in range(label.max() + 1)]
    return (np.array(shares) ** 2).sum(axis=0)
