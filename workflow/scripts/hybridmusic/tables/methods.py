"""Methods as rows of tables: labels, conditions and marks."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from hybridmusic.tables.marks import MARKS
from hybridmusic.terms import DECLARED, NONE
from hybridmusic.tracks.conditions import effective

# Mark of methods that agree better with genre than every plain baseline, beyond the interval.
AHEAD = "*"


def described(
    names: list[str],
    labels: list[str],
    tasks: list[str],
    conditions: list[str],
    tracks: pd.DataFrame,
) -> pd.DataFrame:
    """Describe the configured methods, one row each.

    `conditions` are those of their spaces, as configured; `tracks` has `genre` and `language`.
    Columns are `name`, `label`, `task`, `condition` (as configured) and `effective` (as the tracks
    allow).
    """
    return pd.DataFrame(
        {
            "name": names,
            "label": labels,
            "task": tasks,
            "condition": [DECLARED.get(one, one) for one in conditions],
            "effective": [effective(condition, tracks) for condition in conditions],
        }
    )


def kept(methods: pd.DataFrame) -> pd.DataFrame:
    """Leave out methods that are conditioned on labels which the tracks lack."""
    lacking = methods["condition"].ne(NONE) & methods["effective"].eq(NONE)
    return methods[~lacking].reset_index(drop=True)


def marked_labels(
    table: pd.DataFrame, methods: pd.DataFrame, ahead: Collection[str] = ()
) -> pd.DataFrame:
    """Append marks to the labels in `Method`: what methods saw, and which names are `ahead`."""
    saw = methods["effective"].map(MARKS).fillna("")
    beats = np.where(methods["name"].isin(ahead), f" {AHEAD}", "")
    return table.assign(Method=table["Method"] + saw + beats)
