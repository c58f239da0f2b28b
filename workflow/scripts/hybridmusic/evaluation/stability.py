"""Whether a method finds the same clusters again, from another seed or from other tracks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from hybridmusic.evaluation.contingency import ari, tables
from hybridmusic.evaluation.resampling import codes


def stability(clusterings: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """Mean adjusted Rand index over all pairs of clusterings, 1 where all agree.

    Each is `(ids, clusters)`, both (tracks,); a pair is compared on the ids that both have, so
    these may be seeds on the same tracks, or clusterings of bootstrap resamples, where an id drawn
    twice counts once (Hennig 2007; Ben-Hur et al. 2002). NaN for fewer than two clusterings, and
    if two of them share fewer than two ids.
    """
    found = [common_ari(first, second) for first, second in combinations(clusterings, 2)]
    return float(np.mean(found)) if found else float("nan")


def common_ari(
    first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]
) -> float:
    """Adjusted Rand index of two `(ids, clusters)` on the ids that both have, or NaN."""
    ids, here, there = np.intersect1d(first[0], second[0], return_indices=True)
    if len(ids) < 2:
        return float("nan")
    one, other = codes(np.asarray(first[1])[here]), codes(np.asarray(second[1])[there])
    return float(ari(tables(one, other, (one.max() + 1, other.max() + 1)))[0])
