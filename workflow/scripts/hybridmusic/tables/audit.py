"""Table of the label audit: results that depend on genre, and what they declare."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.studies.audit import leaks
from hybridmusic.tables.sheet import ABSENT, CHECKED
from hybridmusic.terms import GENRE


def table(audit: pd.DataFrame) -> pd.DataFrame:
    """Return the `audit`, of that kind, with columns for readers."""
    return pd.DataFrame(
        {
            "What": audit["what"],
            "Kind": audit["kind"],
            "Told": audit["claims"],
            "Compared": audit["compared"],
            "Depends on genre": np.where(audit["differs"], "yes", "no"),
        }
    )


def verdicts(audit: pd.DataFrame) -> dict[str, list[str]]:
    """State whether genre labels leak."""
    if audit.empty:
        return {ABSENT: ["There are fewer than two genres, so no label can leak."]}
    if names := leaks(audit):
        leakage = f"Label leakage, results that depend on genre undeclared: {', '.join(names)}."
        return {CHECKED: [leakage]}
    return {CHECKED: ["No label leakage: only results that declare genre depend on it."]}


def notes(audit: pd.DataFrame) -> list[str]:
    """Explain how results were compared, one sentence each."""
    declared = audit.loc[audit["claims"].eq(GENRE), "what"]
    return [
        f"Conditioned on genre, and so expected to depend on it: {', '.join(declared) or 'none'}.",
        "Computed again: from the same input, for the first seed, with the genres shuffled among "
        "the tracks, and compared value by value. Networks are trained for at most two epochs, "
        "numbers of clusters are chosen by two splits. Handed no labels: reads only the results "
        "that it is made from, so it depends on genre only if one of those does.",
    ]
