"""Choosing k: the number of clusters of a space, chosen without labels by stability.

Songs are split into halves, each half is clustered by K-Means, and the centres of one half are
applied to the other (Lange et al. 2004, here with the adjusted Rand index, which corrects for
chance). A cloud is always cut across its length, so a few clusters of one long cloud are stable
too. Hence only stability beyond that of single clouds with the same covariance counts, as in
Tibshirani et al. (2001) for the spread within clusters and in John et al. (2020) for stability.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from hybridmusic.evaluation.contingency import ari, tables

# Below this, two halves share less than half of their structure, so no cluster is reliable even if
# it is more stable than those of one cloud. Heavy tails alone come close.
STABLE = 0.5
# Directions of most variance that are clustered; others cost time and hardly move a centre.
DIRECTIONS = 32
# Collections without clusters: a cloud that thins out, and one whose corners attract centres.
CLOUDS = {
    "gaussian": lambda random, shape: random.normal(size=shape),
    "uniform": lambda random, shape: random.uniform(-np.sqrt(3), np.sqrt(3), size=shape),
}
SPACE = "space"
# The bar is below 1 by at least this share of the gap between a cloud's mean stability and 1. A
# cloud may be perfectly stable once by luck, and two clear clusters cannot exceed that.
ROOM = 0.25
LEAST = 2  # tracks per cluster in each half; larger k are not tried


def halves(units: np.ndarray, n: int, random: np.random.Generator) -> np.ndarray:
    """Split the units into halves `n` times; True is the first half, (n, tracks) of bool."""
    names, number = np.unique(units, return_inverse=True)
    first = np.arange(len(names)) < len(names) // 2
    return np.array([random.permutation(first)[number] for _ in range(n)])


def agreement(x: np.ndarray, half: np.ndarray, k: int, seed: int) -> float:
    """Return the agreement of the clusters of two halves of a space `x` (tracks, d).

    It is the adjusted Rand index, on the tracks not in `half` (tracks,) of bool, of their own
    clusters and of the nearest centres of the tracks in `half`. `seed` is of K-Means.
    """
    # Imported here, because adapters that only read the chosen k need not wait a second for it.
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        # With fewer distinct tracks than clusters some clusters are empty.
        warnings.simplefilter("ignore", ConvergenceWarning)
        first, second = (
            KMeans(n_clusters=k, n_init=1, random_state=seed).fit(rows)
            for rows in (x[half], x[~half])
        )
    return float(ari(tables(second.labels_, first.predict(x[~half]), (k, k)))[0])


def stability(
    members: Sequence[np.ndarray], units: np.ndarray, candidates: Sequence[int], n: int, seed: int
) -> pd.DataFrame:
    """Measure the `agreement` of halves of a space and of CLOUDS for each candidate k.

    The splits, `n` of them, take turns with `members`, the space (tracks, d) for each of its seeds.
    Candidates without LEAST tracks per cluster in every half are left out. Columns are `of` (SPACE
    or one of CLOUDS), `split`, `k` and `stability`.
    """
    from sklearn.decomposition import PCA

    random = np.random.default_rng(seed)
    split = halves(units, n, random)
    smaller = min(split.sum(axis=1).min(), (~split).sum(axis=1).min())
    candidates = [k for k in candidates if k * LEAST <= smaller]
    rows: list[tuple] = []
    if candidates:
        # Principal components are uncorrelated, so each direction of a cloud is drawn by itself.
        members = [PCA(svd_solver="full").fit_transform(x)[:, :DIRECTIONS] for x in members]
        for number, half in enumerate(split):
            x = members[number % len(members)]
            drawn = {name: x.std(axis=0) * draw(random, x.shape) for name, draw in CLOUDS.items()}
            for k in candidates:
                start = int(random.integers(2**31))
                for name, points in {SPACE: x, **drawn}.items():
                    value = agreement(points.astype(np.float32), half, k, start)
                    rows.append((name, number, k, value))
    return pd.DataFrame(rows, columns=["of", "split", "k", "stability"])


def chosen(stabilities: pd.DataFrame) -> pd.DataFrame:
    """Choose one k at most from a table as `stability` returns it.

    Candidates are the k whose mean stability is at least STABLE and above the bar, the highest
    stability of a single collection of one cloud, limited by ROOM. Of these the k that exceeds the
    more stable cloud's mean the most is chosen. There is a row for each k with the columns of
    `choosing` but `space`.
    """
    rows = []
    for k, of_k in stabilities.groupby("k"):
        parts = dict(list(of_k.groupby("of")["stability"]))
        own, clouds = parts[SPACE], [parts[name] for name in CLOUDS]
        rows.append(
            {
                "k": k,
                "stability": own.mean(),
                "deviation": own.std(ddof=0),
                "reference": max(cloud.mean() for cloud in clouds),
                "bar": max(min(c.max(), 1 - ROOM * (1 - c.mean())) for c in clouds),
            }
        )
    columns = ["k", "stability", "deviation", "reference", "bar"]
    table = pd.DataFrame(rows, columns=columns)
    stands_out = table["stability"].gt(table["bar"]) & table["stability"].ge(STABLE)
    excess = (table["stability"] - table["reference"])[stands_out]
    return table.assign(chosen=table.index == excess.idxmax() if len(excess) else False)


def number(choice: pd.DataFrame) -> int | None:
    """Return the chosen number of clusters in a table of the kind `choosing` of one space."""
    k = choice.loc[choice["chosen"], "k"]
    return int(k.iloc[0]) if len(k) else None
