"""What a plain classifier makes of features and labels: the ceiling of what is learned without."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import SVC

from hybridmusic.evaluation.resampling import codes

logger = logging.getLogger(__name__)

NOTHING = (
    "there are no two genres of which one has two songs: nothing is learned from other songs, "
    "and all tracks are alike"
)


def classifier() -> SVC:
    """A support vector machine with a Gaussian kernel, at settings that were never tuned here.

    Its width is that of the features' variance, its C 10: the usual ones for features of unit
    scale. Tzanetakis' genres are read by nothing better from such statistics of MFCCs (Li et al.
    2003). It predicts the class of the largest value of its decision function.
    """
    return SVC(C=10.0, kernel="rbf", gamma="scale", break_ties=True)


def out_of_fold(
    x: np.ndarray,
    genres: Sequence[str | None],
    songs: Sequence[str],
    folds: int,
    seed: int,
) -> np.ndarray:
    """How much each track sounds like each genre to who knows the genres of other songs alone.

    The decision function of `classifier`, (tracks, genres), of `x` (tracks, d); the genres are in
    alphabetical order. Songs are dealt out to `folds`, or as many as the commonest genre has songs,
    and all clips of a song are judged by what was fitted to the other folds. A track of a song
    without any genre is judged by what was fitted to all the others. A genre that the other folds
    lack comes last. Without two genres, one of them of two songs, there is a warning, and zeros.
    """
    songs, (known, classes, label) = np.asarray(songs), _numbered(genres)
    groups = songs[known]
    most = pd.Series(groups).groupby(label[known]).nunique().max() if known.any() else 0
    if len(classes) < 2 or most < 2:
        logger.warning("%s", NOTHING)
        return np.zeros((len(x), max(1, len(classes))))
    splitter = StratifiedGroupKFold(min(folds, most), shuffle=True, random_state=seed)
    fold_of = {}
    for number, (_, test) in enumerate(splitter.split(x[known], label[known], codes(groups))):
        fold_of |= dict.fromkeys(groups[test], number)
    fold = np.array([fold_of.get(song, -1) for song in songs])
    found = np.empty((len(x), len(classes)))
    for number in np.unique(fold):
        judged, told = fold == number, known & (fold != number)
        found[judged] = _judged(x[told], label[told], x[judged], len(classes))
    return found


def _numbered(genres: Sequence[str | None]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which tracks have a genre, the genres, and each track's as a number; -1 is none."""
    label, classes = pd.factorize(np.asarray(genres, dtype=object), sort=True)
    return label >= 0, classes, label


def _judged(x: np.ndarray, label: np.ndarray, new: np.ndarray, n_classes: int) -> np.ndarray:
    """The decision function for `new` (tracks, d), by `label` (codes) of `x`: (tracks, classes)."""
    there = np.unique(label)
    values = np.zeros((len(new), len(there)))
    if len(there) > 1:
        values = classifier().fit(x, label).decision_function(new)
        # Of two classes there is but one value: above 0 for the second.
        values = np.column_stack([-values, values]) if len(there) == 2 else values
    judged = np.repeat(values.min(axis=1, keepdims=True) - 1, n_classes, axis=1)
    judged[:, there] = values
    return judged
