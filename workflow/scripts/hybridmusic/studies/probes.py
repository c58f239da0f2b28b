"""Probes: how accurately classifiers predict a label from a space or from a recording."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from hybridmusic.errors import InputError
from hybridmusic.evaluation.resampling import (
    Chance,
    against_chance,
    codes,
    sample_units,
    shuffles,
)
from hybridmusic.terms import GENRE, LANGUAGE

FOLDS = 5
LABELS = (GENRE, LANGUAGE)
LOGISTIC, NEIGHBOURS, SVM = PROBES = ("logistic", "neighbours", "svm")
K = 5  # neighbours that vote, scikit-learn's default
# Fits per shuffle are what probes cost. With 19 shuffles p is at least .05, so that a value above
# all of them rejects at the level of .05. Neighbours need no fit: more shuffles are nearly free.
REFITS = 19
MOST_SHUFFLES = 199  # of neighbours
MOST_TRACKS = 1000  # an SVM's time grows with their square
TEST = "test"  # the fold of a published split that is not for training
# How the null treats labels that the space was made with.
SHUFFLED = "labels shuffled"
SCALED = "scaled again"
GIVEN = "given this space"

# Scales training and held-out tracks, (tracks, d) each, by the labels of both.
Scale = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


class Probe(NamedTuple):
    """Balanced accuracy on held-out units, 0..1, and that on shuffled labels."""

    accuracy: float
    deviation: float  # standard deviation over folds
    chance: Chance
    shuffles: int


class Fold:
    """Training and held-out tracks, standardised by the training tracks.

    What does not depend on labels is computed once for all shuffles of them.
    """

    def __init__(self, train: np.ndarray, test: np.ndarray):
        from sklearn.metrics.pairwise import rbf_kernel
        from sklearn.preprocessing import StandardScaler

        scaler = StandardScaler().fit(np.asarray(train, dtype=np.float64))
        self.train, self.test = scaler.transform(train), scaler.transform(test)
        variance = self.train.var()
        # The width that an SVC calls "scale".
        gamma = 1 / (self.train.shape[1] * variance) if variance > 0 else 1.0
        self.kernel = rbf_kernel(self.train, gamma=gamma)
        self.test_kernel = rbf_kernel(self.test, self.train, gamma=gamma)

    def logistic(self, labels: np.ndarray) -> np.ndarray:
        """Predict by logistic regression with an L2 penalty."""
        from sklearn.linear_model import LogisticRegression

        # Balanced accuracy counts classes alike, and so does the loss. A tolerance of 1e-4 takes
        # a third longer and moves accuracies of the demo by .003 on average, of a spread of .06.
        model = LogisticRegression(class_weight="balanced", max_iter=1000, tol=1e-3)
        return _each(model, self.train, labels, self.test)

    def neighbours(self, labels: np.ndarray) -> np.ndarray:
        """Predict by the majority of the nearest training tracks."""
        from sklearn.neighbors import KNeighborsClassifier

        model = KNeighborsClassifier(min(K, len(self.train)), algorithm="brute")
        if len(labels) == 1:
            return model.fit(self.train, labels[0]).predict(self.test)[None]
        return model.fit(self.train, labels.T).predict(self.test).T

    def svm(self, labels: np.ndarray) -> np.ndarray:
        """Predict by the support vector machine of `evaluation.classifier`."""
        from hybridmusic.evaluation.classifier import classifier

        model = classifier().set_params(kernel="precomputed", class_weight="balanced")
        return _each(model, self.kernel, labels, self.test_kernel)


def _each(model, train: np.ndarray, labels: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Fit a model to each of `labels` (n, tracks) and return its predictions, (n, tests)."""
    return np.array(
        [
            model.fit(train, one).predict(test)
            if np.ptp(one)
            else np.full(len(test), one[0])  # scikit-learn fits no single class
            for one in labels
        ]
    )


def probe(
    x: np.ndarray,
    labels,
    units,
    rng: np.random.Generator,
    *,
    permutations: int = MOST_SHUFFLES,
    refits: int = REFITS,
    folds: int = FOLDS,
    scale: Scale | None = None,
) -> dict[str, Probe]:
    """Predict labels from vectors by each of PROBES, cross-validated by unit.

    Parameters
    ----------
    x : (tracks, d)
    labels, units : (tracks,); tracks of one unit, such as a song, share a fold and swap labels
        together, within their fold, so that folds stay stratified
    permutations : shuffles of the labels for NEIGHBOURS
    refits : shuffles of the labels for the other two, at most `permutations`
    scale : what `x` was scaled by within each label. It is scaled again by the training tracks of
        each fold, with the true labels and with each shuffle of them. So the null is that labels
        explain nothing but what was scaled away; shuffled are residuals, as by Freedman and Lane
        (1983), because in vectors from before the scaling a shuffle leaves differences that the
        true labels explain. All probes then have `refits` shuffles.

    Raises
    ------
    InputError : there are fewer units than folds
    """
    from sklearn import config_context

    n_units = len(np.unique(units))
    if n_units < folds:
        raise InputError(f"a probe of {folds} folds needs as many units, not {n_units}")
    label, refits = codes(labels), min(refits, permutations)
    fold = split(label, units, folds, int(rng.integers(2**31)))
    n = permutations if scale is None else refits
    dealt = np.array([label, *shuffles(label, units, n, rng, within=fold)])
    assigned = {name: dealt if name == NEIGHBOURS else dealt[: 1 + refits] for name in PROBES}
    predicted = {name: np.empty_like(assigned[name]) for name in PROBES}
    # Thousands of small fits spend a third of their time on checks of the same arrays.
    with config_context(assume_finite=True, skip_parameter_validation=True):
        for number in range(folds):
            test = fold == number
            if scale is None:
                held = Fold(x[~test], x[test])
                for name in PROBES:
                    predicted[name][:, test] = getattr(held, name)(assigned[name][:, ~test])
                continue
            for row, one in enumerate(dealt):
                held = Fold(*scale(x[~test], x[test], one[~test], one[test]))
                for name in PROBES:
                    predicted[name][row, test] = getattr(held, name)(one[None, ~test])[0]
    return {name: _scored(assigned[name], predicted[name], fold) for name in PROBES}


def split(label: np.ndarray, units, folds: int, seed: int) -> np.ndarray:
    """Return the fold of each track, (tracks,): whole units, stratified by label."""
    # Imported here, because jobs that only tabulate probes should not wait a second for it.
    from sklearn.model_selection import StratifiedGroupKFold

    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    fold = np.empty(len(label), dtype=int)
    for number, (_, test) in enumerate(splitter.split(label, label, codes(units))):
        fold[test] = number
    return fold


def _scored(labels: np.ndarray, predicted: np.ndarray, fold: np.ndarray) -> Probe:
    """Compare predictions with labels, (1 + shuffles, tracks) each; the first row is the true."""
    value, *shuffled = [balanced_accuracy(*pair) for pair in zip(labels, predicted, strict=True)]
    parts = [
        balanced_accuracy(labels[0][fold == one], predicted[0][fold == one])
        for one in np.unique(fold)
    ]
    deviation = float(np.std(parts, ddof=1))
    return Probe(value, deviation, against_chance(value, np.array(shuffled)), len(shuffled))


def balanced_accuracy(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Compute the mean recall over the classes of `truth`; both are (tracks,) of codes."""
    counts = np.bincount(truth)
    recalled = np.bincount(truth, truth == predicted)
    return float(np.mean(recalled[counts > 0] / counts[counts > 0]))


def accuracy(x: np.ndarray, label: np.ndarray, fold: np.ndarray) -> float:
    """Return the balanced accuracy of LOGISTIC, cross-validated by given folds.

    `x` is (tracks, d), `label` (tracks,) of codes and `fold` (tracks,). Tracks of fold -1 are only
    for training.
    """
    predicted = np.empty_like(label)
    for number in np.unique(fold[fold >= 0]):
        test = fold == number
        predicted[test] = Fold(x[~test], x[test]).logistic(label[None, ~test])[0]
    return balanced_accuracy(label[fold >= 0], predicted[fold >= 0])


def other_folds(
    x: np.ndarray, tracks: pd.DataFrame, chosen: np.ndarray, folds: int, seed: int
) -> dict[str, float]:
    """Return accuracies of genre by LOGISTIC in folds that divide artists, and in published ones.

    Parameters
    ----------
    x : (tracks, d)
    tracks : `genre`, `song`, `unit` and `fold`
    chosen : which tracks are probed, (tracks,) of bool
    folds : number of folds
    seed : of the folds

    Returns
    -------
    `by_song` of the chosen tracks, if their units are not their songs; `published`, if some tracks
    have a fold: training on all but TEST, where only tracks with a fold count
    """
    accuracies = {}
    units, songs = tracks["unit"][chosen], tracks["song"][chosen]
    if not units.equals(songs):
        label = codes(tracks["genre"][chosen])
        accuracies["by_song"] = accuracy(x[chosen], label, split(label, songs, folds, seed))
    known = (tracks["fold"].notna() & tracks["genre"].notna()).to_numpy()
    fold = np.where(tracks["fold"][known].str.casefold() == TEST, 0, -1)
    if len(set(fold)) == 2:
        accuracies["published"] = accuracy(x[known], codes(tracks["genre"][known]), fold)
    return accuracies


def legible(labels: pd.Series, units: pd.Series) -> np.ndarray:
    """Return which tracks, (tracks,) of bool, have a label that another unit has too."""
    n_units = units.groupby(labels).nunique()
    return labels.map(n_units).fillna(0).to_numpy() > 1


def null_of(label: str, used: set[str], scale: Scale | None) -> str:
    """Return how the null treats a label: SHUFFLED, SCALED or GIVEN.

    `used` are the labels that influenced the space. A space that saw genres can have lost languages
    too, because most genres are of one language.
    """
    if label == LANGUAGE and scale is not None:
        return SCALED
    return GIVEN if used & ({LANGUAGE, GENRE} if label == LANGUAGE else {GENRE}) else SHUFFLED


def read_labels(
    x: np.ndarray,
    tracks: pd.DataFrame,
    permutations: int,
    seed: int,
    *,
    used: set[str] = frozenset(),
    scale: Scale | None = None,
) -> list[dict]:
    """Probe vectors for genre and for language, a row for each label and each of PROBES.

    A label of fewer than two `legible` kinds is left out, and so is all if no column of `x` varies.
    There are five folds, or as many as the
    commonest label has units. With more than MOST_TRACKS tracks, units are sampled.

    Parameters
    ----------
    x : (tracks, d)
    tracks : of the catalogue, in the rows of `x`
    permutations : shuffles of the labels, at most; see MOST_SHUFFLES and REFITS
    used : the labels that influenced the space
    scale : how the space is scaled within each language, if it uses a label for nothing else
    """
    rows = []
    for label in LABELS if np.ptp(x, axis=0).any() else ():
        rng = np.random.default_rng(seed)
        chosen = sample_units(tracks["unit"], MOST_TRACKS, rng)
        chosen[chosen] = legible(tracks[label][chosen], tracks["unit"][chosen])
        labels, groups = tracks[label][chosen], tracks["unit"][chosen]
        if labels.nunique() < 2:
            continue
        null, folds = null_of(label, used, scale), groups.groupby(labels).nunique().max()
        results = probe(
            x[chosen],
            labels,
            groups,
            rng,
            permutations=min(permutations, MOST_SHUFFLES),
            folds=min(FOLDS, folds),
            scale=scale if null == SCALED else None,
        )
        others = {}
        if label == GENRE:
            others = other_folds(x, tracks, chosen, min(FOLDS, folds), seed)
        common = {"label": label, "classes": labels.nunique(), "tracks": int(chosen.sum())}
        rows += [
            {
                **common,
                "probe": name,
                "accuracy": result.accuracy,
                "deviation": result.deviation,
                "chance": result.chance.mean,
                "chance_high": result.chance.high,
                "p": result.chance.p,
                "shuffles": result.shuffles,
                "null_kind": null,
                **(others if name == LOGISTIC else {}),
            }
            for name, result in results.items()
        ]
    return rows
