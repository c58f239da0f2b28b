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
    before it. Units of one stratum that have about as many tracks go to different halves. Strata
    with an odd number of units give the unit that is left over, one with the fewest tracks, to
    halves by turns, so halves have equally many units, or one more. Halves have equally many
    tracks, so that networks can be trained on all of them at once: longer ones lose random tracks,
    but never the first of a unit.
    """
    _, first, unit = np.unique(np.asarray(units), return_index=True, return_inverse=True)
    stratum, size = codes(strata)[first], np.bincount(unit)
    random = np.random.default_rng(seed)
    splits = [_half(stratum, size, random) for _ in range(n // 2)]
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


def turn(half: int, n: int) -> int:
    """Return which of `n` seeds a half has: seeds in turn, the same for both halves of a split."""
    return half // 2 % n


def deviations(scores: np.ndarray) -> np.ndarray:
    """Return half of the difference in score between the halves of each split, (splits,).

    `scores` (n,) are of `halves`. The standard deviation of the result is the standard error of the
    whole collection's score.
    """
    return (scores[::2] - scores[1::2]) / 2


def _half(stratum: np.ndarray, size: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draw one of every two units of a stratum that have similar sizes; all are (units,)."""
    order = np.lexsort((random.random(len(stratum)), -size, stratum))
    _, begins, lengths = np.unique(stratum[order], return_index=True, return_counts=True)
    place = np.arange(len(order)) - np.repeat(begins, lengths)
    pair = np.cumsum(place % 2 == 0) - 1
    first_goes = random.integers(2, size=pair[-1] + 1).astype(bool)
    alone = random.permutation(np.flatnonzero(np.bincount(pair) == 1))
    first_goes[alone] = (np.arange(len(alone)) + random.integers(2)) % 2
    chosen = np.empty(len(stratum), dtype=bool)
    chosen[order] = first_goes[pair] ^ (place % 2 == 1)
    return chosen
