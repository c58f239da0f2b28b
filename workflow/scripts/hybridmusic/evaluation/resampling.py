"""Bootstrap and permutation by song.

Clips of one song are not independent, so whole songs are resampled and whole songs swap labels.
Otherwise intervals would be too narrow (Efron and Tibshirani 1993, chapter 8).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

ROUNDING = 1e-12  # equal values summed in another order differ by less


class Chance(NamedTuple):
    """Permutation null of a score."""

    mean: float
    high: float  # 95th percentile
    p: float  # one-sided


def codes(labels) -> np.ndarray:
    """Return labels of any kind as whole numbers from 0, in their sorted order."""
    return np.unique(labels, return_inverse=True)[1]


def sample_units(units, most: int, rng: np.random.Generator) -> np.ndarray:
    """Choose whole units at random while they have at most `most` tracks together.

    `units` is (tracks,). Returns which tracks are chosen, (tracks,) of bool: all if there are no
    more than `most`, and those of one unit at least.
    """
    unit = codes(units)
    order = rng.permutation(unit.max() + 1)
    total = np.cumsum(np.bincount(unit)[order])
    return np.isin(unit, order[: max(1, np.count_nonzero(total <= most))])


def song_weights(songs, n: int, rng: np.random.Generator) -> np.ndarray:
    """Return how often each song is in each of `n` bootstrap resamples, (n, songs).

    Songs are sorted. Scores under the same weights are paired (see `Estimate` in `estimate.py`).
    """
    n_songs = len(np.unique(songs))
    return rng.multinomial(n_songs, np.full(n_songs, 1 / n_songs), size=n)


def whole_songs(songs, *labels) -> bool:
    """Return whether all tracks of each song have the same label, in each of `labels`."""
    _, first, song = np.unique(songs, return_index=True, return_inverse=True)
    return all(bool(np.all(kind[first][song] == kind)) for kind in map(np.asarray, labels))


def shuffles(labels, songs, n: int, rng: np.random.Generator, within=None) -> Iterator[np.ndarray]:
    """Yield `n` permutations of labels (tracks,).

    Songs (tracks,) swap their labels if `whole_songs(songs, labels)`. Otherwise single tracks do,
    which treats clips of one song as independent. Labels are swapped inside each stratum of
    `within` (tracks,) only: genres shuffled within languages keep the agreement that language alone
    explains.
    """
    labels = np.asarray(labels)
    strata = np.zeros(len(labels), dtype=int) if within is None else codes(within)
    units = songs if whole_songs(songs, labels, strata) else np.arange(len(labels))
    _, first, unit = np.unique(units, return_index=True, return_inverse=True)
    values, strata = labels[first], strata[first]
    places = np.argsort(strata, kind="stable")
    for _ in range(n):
        shuffled = np.empty_like(values)
        shuffled[places] = values[np.lexsort((rng.random(len(values)), strata))]
        yield shuffled[unit]


def swapped(songs, n: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield `n` orders of the rows (tracks,) in which whole songs swap places.

    The clips of a song take the rows of another song, in order, and again from its first where that
    song has fewer. Values that vary within songs stay together, unlike in `shuffles`.
    """
    song = codes(songs)
    sizes, order = np.bincount(song), np.argsort(song, kind="stable")
    starts = np.cumsum(sizes) - sizes
    place = np.empty(len(song), dtype=int)
    place[order] = np.arange(len(song)) - starts[song[order]]
    for _ in range(n):
        other = rng.permutation(len(sizes))[song]
        yield order[starts[other] + place % sizes[other]]


def against_chance(value: float, shuffled: np.ndarray) -> Chance:
    """Compare `value` with its values (n,) on shuffled labels.

    p = (1 + number at least as high) / (1 + n), which is valid for any n (Phipson and Smyth 2010)
    and never 0.
    """
    reached = int(np.count_nonzero(shuffled >= value - ROUNDING))
    return Chance(
        mean=float(np.mean(shuffled)),
        high=float(np.quantile(shuffled, 0.95)),
        p=(1 + reached) / (1 + len(shuffled)),
    )
