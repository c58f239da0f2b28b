"""Split a collection into random halves, on which every method is fitted again.

The two halves of a split share no unit, so they are independent collections of half the size. Half
of the difference of their scores has the variance of the whole collection's score, if variance is
inversely proportional to size (half-samples and their complements: McCarthy 1969; Wolter 2007,
chapter 3). Fits to half of the tracks are less stable than fits to all, which this takes into
account: the spread of single halves, whose fits share tracks, overstates the error of unstable
methods. Whole units are drawn, because tracks of one song or artist are not independent.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hybridmusic.evaluation.resampling import codes


def halves(units: Sequence, strata: Sequence, n: int, seed: int) -> np.ndarray:
    """Split the units of each stratum at random into two halves, `n` / 2 times.

    Parameters
    ----------
    units : unit of each track, its artist or song, (tracks,)
    strata : stratum of each track, such as its genre and language, (tracks,); a unit belongs to
        the stratum of its first track
    n : number of halves, even
    seed : of the splits

    Returns
    -------
    Which tracks each half has, (n, tracks) of bool; every second half is the complement of the one
    before it. Strata with an odd number of units give the unit that is left over to halves by
    turns, so halves have equally many units, or one more. Halves have equally many tracks, so that
    networks can be trained on all of them at once: longer ones lose random tracks, but never the
    first of a unit.
    """
    _, first, unit = np.unique(np.asarray(units), return_index=True, return_inverse=True)
    stratum = codes(strata)[first]
    random = np.random.default_rng(seed)
    splits = [_half(stratum, random) for _ in range(n // 2)]
    drawn = np.array([side[unit] for half in splits for side in (half, ~half)])
    least = drawn.sum(axis=1).min()
    is_first = np.isin(np.arange(len(unit)), first)
    for half in drawn:
        tracks = random.permutation(np.flatnonzero(half & ~is_first))
        half[tracks[max(0, least - np.count_nonzero(half & is_first)) :]] = False
    return drawn


def strata(tracks: pd.DataFrame) -> pd.Series:
    """Return the stratum of each track: its `genre`, known or not, and its `language`."""
    return tracks["genre"].fillna("").str.cat(tracks["language"], sep="\n")


def deviations(scores: np.ndarray) -> np.ndarray:
    """Return half of the difference in score between the halves of each split, (splits,).

    `scores` (n,) are of `halves`. The standard deviation of the result is the standard error of the
    whole collection's score.
    """
    return (scores[::2] - scores[1::2]) / 2


def _half(stratum: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draw half of the units of each stratum; both are (units,)."""
    order = np.lexsort(
        (random.random(len(stratum)), random.permutation(stratum.max() + 1)[stratum])
    )
    # Every second unit of a list in which each stratum is shuffled, and strata follow each other
    # in random order: of every stratum one half, rounded up and down by turns.
    chosen = np.zeros(len(stratum), dtype=bool)
    chosen[order[random.integers(2) :: 2]] = True
    return chosen
