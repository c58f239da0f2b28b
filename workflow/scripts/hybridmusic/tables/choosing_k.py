"""The table of numbers of clusters chosen without labels, and of their agreement with genre."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.studies.choosing_k import ROOM, STABLE, number
from hybridmusic.tables.marks import discovers, notes_on_marks

COLUMNS = ("k", "Stability", "One cloud")


def table(
    choices: pd.DataFrame, methods: pd.DataFrame, uncertainty: pd.DataFrame, genres: int
) -> pd.DataFrame:
    """Tabulate the chosen k of every method that takes k, one row per method of `methods`.

    Agreement with genre, for the chosen k and for `genres` clusters, one per genre, is the adjusted
    Rand index, because NMI grows with the number of clusters. NaN if no k is stable or there is no
    genre. `choices` and `uncertainty` are of the kinds `choosing` and `uncertainty`.
    """
    ari = uncertainty[uncertainty["metric"] == "ari"].set_index(["method", "k"])
    rows = []
    for row in methods.itertuples():
        of_space = choices[choices["space"] == row.space]
        k, columns = number(of_space), {"Method": row.label, "Space": row.space}
        if k is not None:
            chosen = of_space[of_space["k"] == k].iloc[0]
            columns |= dict(
                zip(COLUMNS, (k, chosen["stability"], chosen["reference"]), strict=True)
            )
            columns |= _around("ARI", ari, row.name, k)
        rows.append(columns | _around(f"ARI (k = {genres})", ari, row.name, genres))
    names = ["Method", "Space", *COLUMNS, *_names("ARI"), *_names(f"ARI (k = {genres})")]
    return pd.DataFrame(rows, columns=names).astype({"k": "Int64"})


def _names(name: str) -> list[str]:
    return [name, f"{name} low", f"{name} high"]


def _around(name: str, ari: pd.DataFrame, method: str, k: int) -> dict[str, float]:
    known = (method, k) in ari.index
    values = ari.loc[(method, k), ["value", "low", "high"]] if known else [np.nan] * 3
    return dict(zip(_names(name), values, strict=True))


def verdicts(choices: pd.DataFrame, methods: pd.DataFrame, full: pd.DataFrame) -> list[str]:
    """Say which k was chosen in each space, and which method agrees best with genre.

    `methods` (`effective`, `label`) are those of the `full` table, in its order.
    """
    by_k: dict[int | None, list[str]] = {}
    for space, choice in choices.groupby("space", sort=False):
        by_k.setdefault(number(choice), []).append(space)
    without = by_k.pop(None, [])
    sentences = []
    if by_k:
        named = "; ".join(f"k = {k} in {', '.join(by_k[k])}" for k in sorted(by_k))
        sentences.append(f"Chosen without labels, by stability across other songs: {named}.")
    if without:
        sentences.append(
            "No k is more stable than one cloud without clusters, so no k is chosen, in "
            f"{', '.join(without)}."
        )
    unseen = full[discovers(methods).to_numpy()]
    best = []
    for name in [name for name in full if name.startswith("ARI") and f"{name} low" in full]:
        if unseen[name].notna().any():
            row = unseen.loc[unseen[name].idxmax()]
            k = f"a chosen k = {row['k']}" if name == "ARI" else name.partition("(")[2].strip(")")
            best.append(
                f"{row['Method']} with {k}: ARI {row[name]:.3f} ({row[f'{name} low']:.3f} to "
                f"{row[f'{name} high']:.3f})"
            )
    if best:
        sentences.append(f"The best agreement with genre is that of {', and '.join(best)}.")
    return sentences


def notes(methods: pd.DataFrame, subsamples: int) -> list[str]:
    """Explain the table, one sentence each."""
    return [
        f"Stability: {subsamples} times the songs are split into halves, both are clustered by "
        "K-Means, and the centres of one half are applied to the other. It is the adjusted Rand "
        "index of both clusterings, 1 if they are the same.",
        "One cloud: the stability of collections drawn from a Gaussian and from a uniform cloud "
        "with the covariance of the space; the higher of both. The chosen k exceeds it the most, "
        f"of those that reach {STABLE:g} and either exceed every single such collection or have a "
        f"gap to 1 of less than {ROOM:.0%} of their mean gap.",
        "Stable clusters are real, but need not be genres: they may be languages or recordings.",
        *notes_on_marks(methods),
    ]
