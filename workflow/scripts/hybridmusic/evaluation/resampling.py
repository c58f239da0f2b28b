"""Drawing songs anew: bootstrap, permutation, and what is read from them.

Clips of one song are not independent. Whatever is drawn here is drawn by the song, or the spread
would come out too narrow (Efron and Tibshirani 1993, chapter 8).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

ROUNDING = 1e-12  # equal values summed in another order differ by less


class Chance(NamedTuple):
    """What a score is worth without any relation, and how rarely chance alone reaches it."""

    mean: float
    high: float  # 95th percentile
    p: float  # one-sided


def codes(labels) -> np.ndarray:
    """`labels` of any kind as whole numbers from 0, in their sorted order."""
    return np.unique(labels, return_inverse=True)[1]


def song_weights(songs, n: int, rng: np.random.Generator) -> np.ndarray:
    """How often each song is in each of `n` bootstrap resamples, (n, songs); songs are sorted.

    Scores under the same weights are paired: their differences have an interval of their own.
    """
    n_songs = len(np.unique(songs))
    return rng.multinomial(n_songs, np.full(n_songs, 1 / n_songs), size=n)


def interval(resampled: np.ndarray, value: float, level: float = 0.9) -> tuple[float, float]:
    """Interval of `level` around `value`, a score or a difference of two.

    `resampled` are the same score's values on bootstrap resamples, (n,). What is covered is the
    mean score of collections with as many songs. A resample repeats songs, and a repeated song
    agrees with itself, so resampled agreement lies higher than the collection's own; with few
    songs in many genres even all of it. Hence the percentiles not of the values but of their
    deviations from their mean.
    """
    tail = (1 - level) / 2
    low, high = np.quantile(resampled - np.mean(resampled), [tail, 1 - tail])
    return float(value + low), float(value + high)


def whole_songs(songs, *labels) -> bool:
    """Whether all tracks of each song have one and the same label, in each of `labels`."""
    _, first, song = np.unique(songs, return_index=True, return_inverse=True)
    return all(bool(np.all(kind[first][song] == kind)) for kind in map(np.asarray, labels))


def shuffles(labels, songs, n: int, rng: np.random.Generator, within=None) -> Iterator[np.ndarray]:
    """Yield `labels` (tracks,) `n` times, dealt out anew.

    Songs swap their labels if `whole_songs(songs, labels)`, or else single tracks do, which takes
    clips of one song for independent. With `within` (tracks,) they swap only inside each of its
    strata: genres within languages keep what language alone explains.
    """
    labels = np.asarray(labels)
    strata = np.zeros(len(labels), dtype=int) if within is None else codes(within)
    units = songs if whole_songs(songs, labels, strata) else np.arange(len(labels))
    _, first, unit = np.unique(units, return_index=True, return_inverse=True)
    values, strata = labels[first], strata[first]
    places = np.argsort(strata, kind="stable")
    for _ in range(n):
        dealt = np.empty_like(values)
        dealt[places] = values[np.lexsort((rng.random(len(values)), strata))]
        yield dealt[unit]


def against_chance(value: float, shuffled: np.ndarray) -> Chance:
    """`value` against its values (n,) on shuffled labels; p = (1 + #at least as high) / (1 + n).

    This p is valid for any n (Phipson and Smyth 2010), and never 0.
    """
    reached = int(np.count_nonzero(shuffled >= value - ROUNDING))
    return Chance(
        mean=float(np.mean(shuffled)),
        high=float(np.quantile(shuffled, 0.95)),
        p=(1 + reached) / (1 + len(shuffled)),
    )
