"""The table of numbers of clusters chosen without labels, and what it says in words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.studies.choosing_k import ROOM, STABLE, number
from hybridmusic.tables.marks import discovers, notes_on_marks

NOTHING = "nothing"
COLUMNS = ("k", "Stability", "One cloud")


def table(
    choices: pd.DataFrame, methods: pd.DataFrame, uncertainty: pd.DataFrame, genres: int
) -> pd.DataFrame:
    """One row per method of `methods` (`name`, `label` and `space`) that is told its k.

    `choices` is of the kind `choosing`, `uncertainty` of its kind, and `genres` how many there are.
    Agreement with genre, for the chosen k and for as many clusters as genres, is the adjusted Rand
    index, for NMI grows with the number of clusters. NaN where nothing is stable, or no genre.
    """
    ari = uncertainty[uncertainty["metric"] == "ari"].set_index(["method", "k"])
    rows = []
    for row in methods.itertuples():
        of_space = choices[choices["space"] == row.space]
        k, line = number(of_space), {"Method": row.label, "Space": row.space}
        if k is not None:
            found = of_space[of_space["k"] == k].iloc[0]
            line |= dict(zip(COLUMNS, (k, found["stability"], found["reference"]), strict=True))
            line |= _around("ARI", ari, row.name, k)
        rows.append(line | _around(f"ARI (k = {genres})", ari, row.name, genres))
    columns = ["Method", "Space", *COLUMNS, *_names("ARI"), *_names(f"ARI (k = {genres})")]
    return pd.DataFrame(rows, columns=columns).astype({"k": "Int64"})


def _names(name: str) -> list[str]:
    return [name, f"{name} low", f"{name} high"]


def _around(name: str, ari: pd.DataFrame, method: str, k: int) -> dict[str, float]:
    known = (method, k) in ari.index
    values = ari.loc[(method, k), ["value", "low", "high"]] if known else [np.nan] * 3
    return dict(zip(_names(name), values, strict=True))


def verdicts(choices: pd.DataFrame, methods: pd.DataFrame, full: pd.DataFrame) -> list[str]:
    """In words, which k was chosen of which space, and how that agrees with genre.

    `methods` (`effective`, `label`) are those of the `full` table, in its order.
    """
    by_k: dict[int | str, list[str]] = {}
    for space, choice in choices.groupby("space", sort=False):
        by_k.setdefault(number(choice) or NOTHING, []).append(space)
    empty = by_k.pop(NOTHING, [])
    told = [f"k = {k} in {', '.join(by_k[k])}" for k in sorted(by_k)]
    found = [f"Chosen without labels, by what comes out again from other songs: {'; '.join(told)}."]
    if not told:
        found = []
    if empty:
        found.append(
            "Nothing comes out again beyond what one cloud without clusters shows, so no k is "
            f"chosen, in {', '.join(empty)}."
        )
    unseen = full[discovers(methods).to_numpy()]
    leads = []
    for name in [name for name in full if name.startswith("ARI") and f"{name} low" in full]:
        if unseen[name].notna().any():
            best = unseen.loc[unseen[name].idxmax()]
            k = f"a chosen k = {best['k']}" if name == "ARI" else name.partition("(")[2].strip(")")
            leads.append(
                f"{best['Method']} with {k}: ARI {best[name]:.3f} ({best[f'{name} low']:.3f} to "
                f"{best[f'{name} high']:.3f})"
            )
    if leads:
        found.append(f"The best agreement with genre is that of {', and '.join(leads)}.")
    return found


def notes(methods: pd.DataFrame, subsamples: int) -> list[str]:
    """What a reader of the table has to know, one sentence each."""
    return [
        f"Stability: {subsamples} times the songs are split into halves, both are clustered by "
        "K-Means, and the centres of one half are carried over to the other: the adjusted Rand "
        "index of both, 1 where the same clusters come out again.",
        "One cloud: the same of collections drawn from a Gaussian and from a uniform cloud with "
        "the covariance of the space, the steadier of both. Chosen is the k that is farthest "
        f"beyond, if it reaches {STABLE:g} and exceeds every single such collection, or leaves "
        f"less open than {ROOM:.0%} of what they do on average.",
        "What comes out again is real, but need not be genre: it may be language, or recording.",
        *notes_on_marks(methods),
    ]
