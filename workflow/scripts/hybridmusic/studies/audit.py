"""Label leakage: results that depend on genre without declaring it.

Every step is computed again with the genres shuffled among the tracks. If that changes its result,
genres reached the step and everything made from it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from hybridmusic.terms import GENRE

COLUMNS = ("what", "kind", "claims", "compared", "differs")
COMPARED = {True: "computed again", False: "handed no labels"}
# A network uses labels from its first step on, and a choice of k from its first split of songs.
EPOCHS, SPLITS = 2, 2


def permuted(catalogue: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Shuffle the genres of a catalogue among the tracks that have one."""
    known = catalogue["genre"].notna()
    genres = catalogue["genre"].copy()
    genres[known] = np.random.default_rng(seed).permutation(genres[known])
    return catalogue.assign(genre=genres)


def key(step: dict) -> tuple[str, str]:
    """Return the noun and the name of a step, which identify it."""
    return step["noun"], step["name"]


def shortened(step: dict) -> dict:
    """Return the settings of a step, with as few epochs as an audit needs if it is a network."""
    settings = step["settings"]
    if step["family"] == "networks":
        return settings | {"epochs": min(settings["epochs"], EPOCHS)}
    return settings


def reached(differs: Mapping[Hashable, bool], parents: Mapping[Hashable, Sequence]) -> dict:
    """Return whether genres reach each step: it differs itself, or one of its ancestors does."""

    @cache
    def is_reached(step) -> bool:
        return differs[step] or any(map(is_reached, parents[step]))

    return {step: is_reached(step) for step in differs}


def audited(steps: Sequence[dict], differs: Mapping[tuple[str, str], bool]) -> pd.DataFrame:
    """Tabulate `steps` of `plan.audit.Audit`, ancestors first, in the columns of `audit`.

    `differs` is true, by `key`, where the result of a step changes with the genres that it reads.
    """
    parents = {key(step): [tuple(parent) for parent in step["of"]] for step in steps}
    reach = reached(differs, parents)
    rows = [
        (step["name"], step["noun"], step["claims"], COMPARED[bool(step["sees"])], reach[key(step)])
        for step in steps
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"differs": bool})


def leaks(audit: pd.DataFrame) -> list[str]:
    """Name the results that depend on genre without declaring it; `audit` is of that kind."""
    undeclared = audit[audit["differs"] & audit["claims"].ne(GENRE)]
    return [f"{row.kind} {row.what}" for row in undeclared.itertuples()]
