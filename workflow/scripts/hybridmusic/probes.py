"""How well a label can be read from a space, or from what should not tell it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.linalg import solve_triangular
from scipy.sparse import coo_array
from sklearn.covariance import ledoit_wolf
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.preprocessing import StandardScaler

from hybridmusic.errors import InputError
from hybridmusic.resampling import Chance, against_chance, codes, shuffles

RIDGE = 1e-9  # of unit variances: definite even where nothing varies


class Probe(NamedTuple):
    """Balanced accuracy on held-out songs, 0..1, and the same on shuffled labels."""

    accuracy: float
    chance: Chance


def probe(
    x: np.ndarray,
    labels,
    songs,
    rng: np.random.Generator,
    *,
    permutations: int = 200,
    folds: int = 5,
) -> Probe:
    """Read `labels` (tracks,) from `x` (tracks, d), cross-validated by song.

    The classifier is linear and closed: the nearest class mean, as Mahalanobis measures it by the
    covariance of all training tracks, shrunk after Ledoit and Wolf (2004). For two classes that is
    linear discriminant analysis. The covariance sees no label, so one factorisation a fold serves
    the labels and all their permutations, which are read in exactly the same way. Songs swap
    labels within their fold, so that folds stay stratified. Raises InputError where there are
    fewer songs than folds.
    """
    n_songs = len(np.unique(songs))
    if n_songs < folds:
        raise InputError(f"a probe of {folds} folds needs as many songs, not {n_songs}")
    label = codes(labels)
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=int(rng.integers(2**31)))
    fold = np.empty(len(label), dtype=int)
    for number, (_, test) in enumerate(splitter.split(x, label, codes(songs))):
        fold[test] = number
    dealt = np.array([label, *shuffles(label, songs, permutations, rng, within=fold)])
    read = np.empty_like(dealt)
    for number in np.unique(fold):
        test = fold == number
        train_x, test_x = whiten(x[~test], x[test])
        read[:, test] = nearest_means(train_x, dealt[:, ~test], test_x)
    value, *shuffled = [balanced_accuracy(*pair) for pair in zip(dealt, read, strict=True)]
    return Probe(value, against_chance(value, np.array(shuffled)))


def whiten(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both (tracks, d) in coordinates where the training tracks' shrunk covariance is the unit."""
    scaler = StandardScaler().fit(np.asarray(train, dtype=np.float64))
    train, test = scaler.transform(train), scaler.transform(test)
    covariance, _ = ledoit_wolf(train, assume_centered=True)
    factor = np.linalg.cholesky(covariance + RIDGE * np.eye(len(covariance)))
    return tuple(solve_triangular(factor, x.T, lower=True).T for x in (train, test))


def nearest_means(train: np.ndarray, labels: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Class whose mean in `train` (tracks, d) is nearest to each row of `test`, (n, tests).

    `labels` (n, tracks) are `n` ways to deal out codes from 0; a code that is in none of a way's
    tracks is never found.
    """
    n, tracks = labels.shape
    classes = labels.max() + 1
    rows = labels + classes * np.arange(n)[:, None]
    columns = np.broadcast_to(np.arange(tracks), labels.shape)
    members = coo_array(
        (np.ones(labels.size), (rows.ravel(), columns.ravel())), shape=(n * classes, tracks)
    ).tocsr()
    counts = members.sum(axis=1)
    means = members @ train / np.maximum(counts, 1)[:, None]
    lengths = np.where(counts > 0, (means**2).sum(axis=1), np.inf)
    distances = lengths - 2 * test @ means.T
    return distances.reshape(len(test), n, classes).argmin(axis=2).T


def balanced_accuracy(truth: np.ndarray, found: np.ndarray) -> float:
    """Mean over classes of the share that was found; both are (tracks,) codes without gaps."""
    return float(np.mean(np.bincount(truth, truth == found) / np.bincount(truth)))
