"""How many clusters a space has, told without labels: as many as come out again from other songs.

Songs are split into halves, each half is clustered by K-Means, and the one's centres are carried
over to the other: where both halves find the same clusters, these are no accident of the songs
(Lange et al. 2004, with the adjusted Rand index for their distance between clusterings, which
takes off what is equal by chance). Few clusters of long clouds come out again whatever there is:
a cloud is always cut across its length. So the same is done to collections of one cloud of the
same covariance, and only what goes beyond these counts, as Tibshirani et al. (2001) do for the
spread within clusters and John et al. (2020) for stability.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from hybridmusic.evaluation.contingency import ari, tables

# Below this, two halves tell less of each other than they leave open: no cluster can be relied on,
# however much steadier than one cloud. Heavy tails alone come near it.
STABLE = 0.5
# Directions of most variance that are clustered; the others cost time, and hardly move a centre.
DIRECTIONS = 32
# What has no clusters: a cloud that thins out, and one with edges, whose corners attract centres.
CLOUDS = {
    "gaussian": lambda random, shape: random.normal(size=shape),
    "uniform": lambda random, shape: random.uniform(-np.sqrt(3), np.sqrt(3), size=shape),
}
SPACE = "space"
# No bar is nearer to 1 than this share of what a cloud leaves open on average: a cloud may come out
# the same once by luck, and two clear clusters cannot do better than that.
ROOM = 0.25
LEAST = 2  # tracks per cluster in each half, or k is not tried


def halves(songs: np.ndarray, n: int, random: np.random.Generator) -> np.ndarray:
    """`n` splits of the tracks into two halves of the songs, (n, tracks) of bool."""
    names, number = np.unique(songs, return_inverse=True)
    first = np.arange(len(names)) < len(names) // 2
    return np.array([random.permutation(first)[number] for _ in range(n)])


def agreement(x: np.ndarray, half: np.ndarray, k: int, seed: int) -> float:
    """How alike `k` clusters of one half of `x` (tracks, d) are to those of the other.

    The adjusted Rand index, on the tracks that are not in `half` (tracks,), of their own clusters
    and of the nearest centres of the others.
    """
    # Imported here, because those that only read what was chosen need not wait a second for it.
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        # Fewer distinct tracks than clusters: some stay empty.
        warnings.simplefilter("ignore", ConvergenceWarning)
        carried, own = (
            KMeans(n_clusters=k, n_init=1, random_state=seed).fit(rows)
            for rows in (x[half], x[~half])
        )
    return float(ari(tables(own.labels_, carried.predict(x[~half]), (k, k)))[0])


def stability(
    members: Sequence[np.ndarray], songs: np.ndarray, candidates: Sequence[int], n: int, seed: int
) -> pd.DataFrame:
    """`agreement` of halves for each `k` of the `candidates`, in `n` splits of each of three.

    `members` are the space for each of its seeds, (tracks, d), of which every split takes the
    next, and `songs` (tracks,) names the song of each track. Columns: `of`, which is SPACE or one
    of CLOUDS, `split`, `k` and `stability`. A candidate that has not LEAST tracks per cluster in
    every half is left out.
    """
    from sklearn.decomposition import PCA

    random = np.random.default_rng(seed)
    split = halves(songs, n, random)
    smaller = min(split.sum(axis=1).min(), (~split).sum(axis=1).min())
    candidates = [k for k in candidates if k * LEAST <= smaller]
    rows: list[tuple] = []
    if candidates:
        # Where directions are uncorrelated, a cloud of the same covariance is drawn one by one.
        members = [PCA(svd_solver="full").fit_transform(x)[:, :DIRECTIONS] for x in members]
        for number, half in enumerate(split):
            x = members[number % len(members)]
            drawn = {name: x.std(axis=0) * draw(random, x.shape) for name, draw in CLOUDS.items()}
            for k in candidates:
                start = int(random.integers(2**31))
                for of, points in {SPACE: x, **drawn}.items():
                    found = agreement(points.astype(np.float32), half, k, start)
                    rows.append((of, number, k, found))
    return pd.DataFrame(rows, columns=["of", "split", "k", "stability"])


def chosen(found: pd.DataFrame) -> pd.DataFrame:
    """What `stability` found for each k, and which one is chosen, if any.

    Chosen is the k that is the farthest beyond the steadier cloud, of those that are STABLE and
    beyond the bar: steadier than every single collection of one cloud, but for ROOM. Columns are
    those of `choosing` in the table schemas but for the space.
    """
    rows = []
    for k, of_k in found.groupby("k"):
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
    """The number of clusters in a table of the kind `choosing` of one space, or None."""
    found = choice.loc[choice["chosen"], "k"]
    return int(found.iloc[0]) if len(found) else None
