"""Whether genres reach what claims not to have seen them.

Every step is computed again from what it was made from, with the genres dealt out anew among the
tracks. Where that changes its result, it has seen them, and so has all that is made from it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd


def permuted(catalogue: pd.DataFrame, seed: int) -> pd.DataFrame:
    """`catalogue` with its genres shuffled among the tracks that have one."""
    known = catalogue["genre"].notna()
    genres = catalogue["genre"].copy()
    genres[known] = np.random.default_rng(seed).permutation(genres[known])
    return catalogue.assign(genre=genres)


def reached(differs: Mapping[Hashable, bool], of: Mapping[Hashable, Sequence]) -> dict:
    """Whether genres reach each step: whether it `differs` itself, or one that it is made `of`."""

    @cache
    def is_reached(step) -> bool:
        return differs[step] or any(map(is_reached, of[step]))

    return {step: is_reached(step) for step in differs}


def leaks(table: pd.DataFrame) -> list[str]:
    """What differs and does not say that it was told the genres; `table` is of the kind `audit`."""
    found = table[table["differs"] & table["claims"].ne("genre")]
    return [f"{row.kind} {row.what}" for row in found.itertuples()]


def tabulated(table: pd.DataFrame) -> pd.DataFrame:
    """The `table` of the kind `audit` for readers."""
    return pd.DataFrame(
        {
            "What": table["what"],
            "Kind": table["kind"],
            "Told": table["claims"],
            "Compared": table["compared"],
            "Depends on genre": np.where(table["differs"], "yes", "no"),
        }
    )


def verdicts(table: pd.DataFrame) -> list[str]:
    """In words, whether anything leaks."""
    if table.empty:
        return ["There are fewer than two genres, so there is nothing that could leak."]
    found = leaks(table)
    return [
        f"Genres reach what claims not to have seen them: {', '.join(found)}."
        if found
        else "No genre reaches what claims not to have seen any."
    ]


def notes(table: pd.DataFrame) -> list[str]:
    """What a reader of the table has to know, one sentence each."""
    told = table.loc[table["claims"].eq("genre"), "what"]
    return [
        f"Told the genres, and so expected to depend on them: {', '.join(told) or 'none'}.",
        "Computed again: from the same input, for the first seed, with the genres shuffled among "
        "the tracks, and compared value by value; networks for two epochs at most, choices of k by "
        "two splits. Handed no labels: nothing but what it is made from, so it depends on genre "
        "only if that does.",
    ]
