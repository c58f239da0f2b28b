"""Stability of a method: agreement of its clusterings of several seeds or resamples."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from hybridmusic.evaluation.contingency import ari, tables
from hybridmusic.evaluation.resampling import codes


def stability(clusterings: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """Return the mean adjusted Rand index over all pairs of clusterings, 1 if all agree.

    Each clustering is `(ids, clusters)`, both (tracks,). A pair is compared on the ids that both
    have, so the clusterings may be of several seeds on the same tracks or of bootstrap resamples,
    where an id drawn twice counts once (Hennig 2007; Ben-Hur et al. 2002). NaN for fewer than two
    clusterings, and if two of them share fewer than two ids.
    """
    indices = [common_ari(first, second) for first, second in combinations(clusterings, 2)]
    return float(np.mean(indices)) if indices else float("nan")


def common_ari(
    first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]
) -> float:
    """Return the adjusted Rand index of two `(ids, clusters)` on the ids that both have, or NaN."""
    ids, in_first, in_second = np.intersect1d(first[0], second[0], return_indices=True)
    if len(ids) < 2:
        return float("nan")
    one, other = codes(np.asarray(first[1])[in_first]), codes(np.asarray(second[1])[in_second])
    return float(ari(tables(one, other, (one.max() + 1, other.max() + 1)))[0])
