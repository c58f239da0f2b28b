"""Bootstrap and permutation by unit: by artist where one is known, else by song.

Clips of one song are not independent, nor are those of one artist, so whole units are resampled and
whole units swap labels. Otherwise intervals would be too narrow (Efron and Tibshirani 1993, chapter
8).
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


def unit_weights(units, n: int, rng: np.random.Generator) -> np.ndarray:
    """Return how often each unit is in each of `n` bootstrap resamples, (n, units).

    Units are sorted. Scores under the same weights are paired (see `Estimate` in `estimate.py`).
    """
    n_units = len(np.unique(units))
    return rng.multinomial(n_units, np.full(n_units, 1 / n_units), size=n)


def parts(units, *labels) -> np.ndarray:
    """Return the part of its unit that each track is in, (tracks,) of codes.

    The tracks of a unit with the same value of each of `labels` are one part. The parts are the
    units where none has several, and in their order.
    """
    columns = np.stack([codes(column) for column in (units, *labels)])
    return np.unique(columns, axis=1, return_inverse=True)[1].ravel()


def shuffles(labels, units, n: int, rng: np.random.Generator, within=None) -> Iterator[np.ndarray]:
    """Yield `n` permutations of labels (tracks,).

    Units (tracks,) swap their labels, and where a unit has several labels, each of its `parts`
    does. A test is then conservative: parts of one unit have different labels, and may have the
    same when shuffled. If single tracks swapped, it would reject nearly always. Units swap with
    those that have about as many tracks, up to the next power of two: otherwise a label would not
    keep its number of tracks, on which agreement by chance depends. Labels are swapped inside each
    stratum of `within` (tracks,) only: genres shuffled within languages keep the agreement that
    language alone explains.
    """
    labels = np.asarray(labels)
    strata = np.zeros(len(labels), dtype=int) if within is None else codes(within)
    _, first, unit, size = np.unique(
        parts(units, labels, strata), return_index=True, return_inverse=True, return_counts=True
    )
    powers = np.frexp(size)[1]
    values, strata = labels[first], strata[first] * (powers.max() + 1) + powers
    places = np.argsort(strata, kind="stable")
    for _ in range(n):
        shuffled = np.empty_like(values)
        shuffled[places] = values[np.lexsort((rng.random(len(values)), strata))]
        yield shuffled[unit]


def swapped(units, n: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield `n` orders of the rows (tracks,) in which whole units swap places.

    The tracks of a unit take the rows of another, in order, and again from its first where that
    has fewer. Values that vary within units stay together, unlike in `shuffles`.
    """
    unit = codes(units)
    sizes, order = np.bincount(unit), np.argsort(unit, kind="stable")
    starts = np.cumsum(sizes) - sizes
    place = np.empty(len(unit), dtype=int)
    place[order] = np.arange(len(unit)) - starts[unit[order]]
    for _ in range(n):
        other = rng.permutation(len(sizes))[unit]
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
