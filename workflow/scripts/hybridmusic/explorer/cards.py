"""Describe clusters by their distinctive words and features, and choose tracks to listen to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.terms import NOISE

EXEMPLARS = 3
MOST = 4  # words or features
# Words and features below these are left out: odds 1.5 times those of the rest, and half a
# deviation, which Cohen (1988) calls a medium effect.
ODDS = 1.5
DIFFERENCE = 0.5


def cards(
    clusters: np.ndarray, words: pd.DataFrame, features: pd.DataFrame, x: np.ndarray, songs
) -> list[dict]:
    """Compare each cluster with the rest of the tracks, in the order of numbers, without noise.

    `clusters` and `songs` are (tracks,), `words` and `features` have a column for each descriptor,
    and `x` (tracks, d) is the space that was clustered. A card has `words` of the highest odds
    against the rest, as (word, share in the cluster, share in the rest); `features` of the largest
    difference of means, as (feature, difference in standard deviations); and `exemplars`, rows of
    the tracks nearest to the cluster's mean, of different songs if possible.
    """
    described = []
    for number in np.unique(clusters[clusters != NOISE]):
        inside = clusters == number
        described.append(
            {
                "words": distinctive_words(words, inside),
                "features": distinctive_features(features, inside),
                "exemplars": exemplars(x, inside, np.asarray(songs)),
            }
        )
    return described


def distinctive_words(words: pd.DataFrame, inside: np.ndarray) -> list[tuple[str, float, float]]:
    """Return the words of the highest odds against the rest, with their shares in both.

    `inside` is (tracks,) of bool. Half a track is added to every count, so that the odds of a word
    that the rest never has are finite.
    """
    rows = []
    for name in words:
        for word in words[name].unique():
            has = (words[name] == word).to_numpy()
            a, b = (has & inside).sum(), (has & ~inside).sum()
            c, d = inside.sum() - a, (~inside).sum() - b
            odds = (a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5))
            rows.append((odds, word, a / max(1, a + c), b / max(1, b + d)))
    rows.sort(key=lambda row: -row[0])
    return [(word, float(i), float(o)) for odds, word, i, o in rows[:MOST] if odds >= ODDS]


def distinctive_features(features: pd.DataFrame, inside: np.ndarray) -> list[tuple[str, float]]:
    """Return the features whose means differ most from those of the rest, and the differences.

    Differences are in standard deviations, pooled as the root of the mean of both variances.
    """
    values = features.to_numpy(dtype=float)
    if inside.sum() < 2 or (~inside).sum() < 2:
        return []
    here, there = values[inside], values[~inside]
    deviation = np.sqrt((here.var(axis=0, ddof=1) + there.var(axis=0, ddof=1)) / 2)
    change = here.mean(axis=0) - there.mean(axis=0)
    difference = np.divide(change, deviation, out=np.zeros_like(change), where=deviation > 0)
    order = np.argsort(-np.abs(difference), kind="stable")[:MOST]
    return [
        (features.columns[i], float(difference[i]))
        for i in order
        if abs(difference[i]) >= DIFFERENCE
    ]


def exemplars(x: np.ndarray, inside: np.ndarray, songs: np.ndarray) -> list[int]:
    """Return the rows `inside` nearest to their mean in `x`; repeat a song only if needed."""
    rows = np.flatnonzero(inside)
    members = np.asarray(x[rows], dtype=np.float64)
    distance = ((members - members.mean(axis=0)) ** 2).sum(axis=1)
    nearest = rows[np.argsort(distance, kind="stable")]
    again = pd.Series(songs[nearest]).duplicated().to_numpy()
    return nearest[np.argsort(again, kind="stable")][:EXEMPLARS].tolist()
