"""Linear probes: how accurately a label can be predicted from a space or from a recording."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.linalg import solve_triangular
from scipy.sparse import coo_array

from hybridmusic.errors import InputError
from hybridmusic.evaluation.resampling import Chance, against_chance, codes, shuffles
from hybridmusic.terms import GENRE, LANGUAGE

FOLDS = 5
LABELS = (GENRE, LANGUAGE)
RIDGE = 1e-9  # relative to unit variances: keeps the covariance definite where nothing varies


class Probe(NamedTuple):
    """Balanced accuracy on held-out songs, 0..1, and that on shuffled labels."""

    accuracy: float
    chance: Chance


def probe(
    x: np.ndarray,
    labels,
    songs,
    rng: np.random.Generator,
    *,
    permutations: int = 200,
    folds: int = FOLDS,
) -> Probe:
    """Predict labels (tracks,) from vectors `x` (tracks, d), cross-validated by song.

    The classifier is linear and has a closed form: the nearest class mean by the Mahalanobis
    distance of all training tracks, whose covariance is shrunk (Ledoit and Wolf 2004). For two
    classes that is linear discriminant analysis. The covariance uses no label, so one factorisation
    per fold serves the labels and all their permutations. Songs swap labels within their fold, so
    that folds stay stratified. Raises InputError if there are fewer songs than folds.
    """
    # Imported here, because jobs that only tabulate probes should not wait a second for it.
    from sklearn.model_selection import StratifiedGroupKFold

    n_songs = len(np.unique(songs))
    if n_songs < folds:
        raise InputError(f"a probe of {folds} folds needs as many songs, not {n_songs}")
    label = codes(labels)
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=int(rng.integers(2**31)))
    fold = np.empty(len(label), dtype=int)
    for number, (_, test) in enumerate(splitter.split(x, label, codes(songs))):
        fold[test] = number
    dealt = np.array([label, *shuffles(label, songs, permutations, rng, within=fold)])
    predicted = np.empty_like(dealt)
    for number in np.unique(fold):
        test = fold == number
        train_x, test_x = whiten(x[~test], x[test])
        predicted[:, test] = nearest_means(train_x, dealt[:, ~test], test_x)
    value, *shuffled = [balanced_accuracy(*pair) for pair in zip(dealt, predicted, strict=True)]
    return Probe(value, against_chance(value, np.array(shuffled)))


def whiten(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Transform both (tracks, d) so that the training tracks' shrunk covariance is the identity."""
    from sklearn.covariance import ledoit_wolf
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(np.asarray(train, dtype=np.float64))
    train, test = scaler.transform(train), scaler.transform(test)
    covariance, _ = ledoit_wolf(train, assume_centered=True)
    factor = np.linalg.cholesky(covariance + RIDGE * np.eye(len(covariance)))
    return tuple(solve_triangular(factor, x.T, lower=True).T for x in (train, test))


def nearest_means(train: np.ndarray, labels: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Return the class whose mean in `train` is nearest to each row of `test`: (n, tests).

    `train` and `test` are (rows, d); `labels` are `n` assignments (n, tracks) of codes from 0 to
    the rows of `train`. A code that an assignment does not contain is never predicted.
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


def balanced_accuracy(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Compute the mean recall over classes; both are (tracks,), codes without gaps."""
    return float(np.mean(np.bincount(truth, truth == predicted) / np.bincount(truth)))


def legible(labels: pd.Series, songs: pd.Series) -> np.ndarray:
    """Return which tracks, (tracks,) of bool, have a label that another song has too."""
    n_songs = songs.groupby(labels).nunique()
    return labels.map(n_songs).fillna(0).to_numpy() > 1


def read_labels(x: np.ndarray, tracks: pd.DataFrame, permutations: int, seed: int) -> list[dict]:
    """Probe vectors `x` (tracks, d) for genre and for language, one row each.

    `tracks` has `genre`, `language` and `song` in the rows of `x`. A label of fewer than two
    `legible` kinds is left out. There are five folds, or as many as the commonest label has songs.
    """
    rows = []
    for label in LABELS:
        chosen = legible(tracks[label], tracks["song"])
        labels, songs = tracks[label][chosen], tracks["song"][chosen]
        if labels.nunique() < 2:
            continue
        folds = min(FOLDS, songs.groupby(labels).nunique().max())
        rng = np.random.default_rng(seed)
        accuracy, chance = probe(
            x[chosen], labels, songs, rng, permutations=permutations, folds=folds
        )
        rows.append(
            {
                "label": label,
                "classes": labels.nunique(),
                "tracks": int(chosen.sum()),
                "accuracy": accuracy,
                "chance": chance.mean,
                "chance_high": chance.high,
                "p": chance.p,
            }
        )
    return rows
