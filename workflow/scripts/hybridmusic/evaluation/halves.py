"""Draw random halves of a collection, on which every method is fitted again.

The standard deviation over halves estimates the standard error of the whole collection's score:
leaving out d of n units, the variance has to be multiplied by (n - d) / d, which is 1 for halves
(jackknife that leaves out half: Shao and Wu 1989; Politis, Romano and Wolf 1999). A fit to half of
the songs is less stable than one to all, which errs on the safe side. Whole songs are drawn,
because clips of one song are not independent.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from hybridmusic.evaluation.resampling import codes


def halves(units: Sequence, strata: Sequence, n: int, seed: int) -> np.ndarray:
    """Draw `n` random halves of the units of each stratum, without replacement.

    Parameters
    ----------
    units : unit of each track, such as its song, (tracks,)
    strata : stratum of each track, such as its genre and language, (tracks,); a unit belongs to
        the stratum of its first track
    n : number of halves
    seed : of the draws

    Returns
    -------
    Which tracks each half has, (n, tracks) of bool. Strata with an odd number of units get the
    unit that is left over by turns, so halves have equally many units, or one more. Halves have
    equally many tracks, so that networks can be trained on all of them at once: longer ones lose
    random tracks, but never the first of a unit.
    """
    _, first, unit = np.unique(np.asarray(units), return_index=True, return_inverse=True)
    stratum = codes(strata)[first]
    random = np.random.default_rng(seed)
    drawn = np.array([_half(stratum, random)[unit] for _ in range(n)])
    least = drawn.sum(axis=1).min()
    is_first = np.isin(np.arange(len(unit)), first)
    for half in drawn:
        tracks = random.permutation(np.flatnonzero(half & ~is_first))
        half[tracks[max(0, least - np.count_nonzero(half & is_first)) :]] = False
    return drawn


def strata(tracks: pd.DataFrame) -> pd.Series:
    """Return the stratum of each track: its `genre`, known or not, and its `language`."""
    return tracks["genre"].fillna("").str.cat(tracks["language"], sep="\n")


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
