"""How well a label can be read from a space, or from what should not tell it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.linalg import solve_triangular
from scipy.sparse import coo_array

from hybridmusic.errors import InputError
from hybridmusic.evaluation.resampling import Chance, against_chance, codes, shuffles

FOLDS = 5
LABELS = ("genre", "language")
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
    folds: int = FOLDS,
) -> Probe:
    """Read `labels` (tracks,) from `x` (tracks, d), cross-validated by song.

    The classifier is linear and closed: the nearest class mean, as Mahalanobis measures it by the
    covariance of all training tracks, shrunk after Ledoit and Wolf (2004). For two classes that is
    linear discriminant analysis. The covariance sees no label, so one factorisation a fold serves
    the labels and all their permutations, which are read in exactly the same way. Songs swap
    labels within their fold, so that folds stay stratified. Raises InputError where there are
    fewer songs than folds.
    """
    # Imported here, because those that tabulate what was read need not wait a second for it.
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
    read = np.empty_like(dealt)
    for number in np.unique(fold):
        test = fold == number
        train_x, test_x = whiten(x[~test], x[test])
        read[:, test] = nearest_means(train_x, dealt[:, ~test], test_x)
    value, *shuffled = [balanced_accuracy(*pair) for pair in zip(dealt, read, strict=True)]
    return Probe(value, against_chance(value, np.array(shuffled)))


def whiten(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both (tracks, d) in coordinates where the training tracks' shrunk covariance is the unit."""
    from sklearn.covariance import ledoit_wolf
    from sklearn.preprocessing import StandardScaler

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


def legible(labels: pd.Series, songs: pd.Series) -> np.ndarray:
    """Which tracks, (tracks,) of bool, have a label that some other song has too.

    A label of one song alone can not be learned from others.
    """
    n_songs = songs.groupby(labels).nunique()
    return labels.map(n_songs).fillna(0).to_numpy() > 1


def read_labels(x: np.ndarray, tracks: pd.DataFrame, permutations: int, seed: int) -> list[dict]:
    """Probes of `x` (tracks, d) for genre and for language, one row each.

    `tracks` has `genre`, `language` and `song`, in the rows of `x`. A label of fewer than two
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


def tabulated(probes: pd.DataFrame, marked: dict[str, str]) -> pd.DataFrame:
    """One row for everything that was read from, with genre and language side by side.

    `probes` is of the kind `probes`; `marked` has the name of every space as it is to be shown.
    """
    shown = probes.assign(
        source=[
            marked[name] if kind == "space" else f"recording: {name}"
            for kind, name in zip(probes["kind"], probes["name"], strict=True)
        ]
    )
    table = pd.DataFrame({"Read from": shown["source"].drop_duplicates().to_numpy(dtype=object)})
    for label in LABELS:
        of = shown[shown["label"] == label].set_index("source").reindex(table["Read from"])
        name = label.capitalize()
        columns = {name: "accuracy", f"{name} (chance)": "chance", f"p ({label})": "p"}
        for column, field in columns.items():
            table[column] = of[field].to_numpy(dtype=float)
    return table


def verdicts(probes: pd.DataFrame) -> list[str]:
    """In words, what the recording alone tells, and the space that tells most."""
    found = []
    for label in LABELS:
        of = probes[probes["label"] == label]
        if of.empty:
            continue
        told = []
        for kind, words in (("recording", "the recording alone"), ("space", "the space {}")):
            rows = of[of["kind"].eq(kind) & (of["name"].eq("all") | of["kind"].eq("space"))]
            for row in rows.nlargest(1, "accuracy").itertuples():
                told.append(f"{row.accuracy:.2f} from {words.format(row.name)} (p {row.p:.3f})")
        chance = f"{1 / of['classes'].max():.2f} is chance"
        found.append(f"Balanced accuracy of {label}: {', '.join(told)}; {chance}.")
    return found


def missing(probes: pd.DataFrame) -> list[str]:
    """In words, what there was nothing to be read of."""
    return [
        f"There are no two kinds of {label} of two songs each to be read."
        for label in LABELS
        if label not in set(probes["label"])
    ]


def notes(permutations: int) -> list[str]:
    """What a reader of the table has to know, one sentence each."""
    return [
        "Balanced accuracy on songs held out, of a linear classifier: how well a label can be read "
        f"from a space (first seed). Chance and p: the same on {permutations} shuffles of the "
        "labels over songs. Labels of a single song are left out.",
        "Recording: what a clip gives away before any music is heard, as its file's size, rate and "
        "codec, and its level. What can be read from it need not be music where it can be read "
        "from a space.",
    ]
