"""Make a block of descriptors that the paper lacks, in groups of equal weight."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import reduce
from itertools import chain

import numpy as np
import pandas as pd

from hybridmusic import kinds
from hybridmusic.errors import InputError
from hybridmusic.spaces import scaling

logger = logging.getLogger(__name__)

READS = ()
SETTINGS = {
    "sets": {
        "type": "array",
        "items": {"type": "string"},
        "minItems": 1,
        "uniqueItems": True,
    },
    "scale": {"enum": ["standardise", "quantile_normal"], "default": "standardise"},
}


def block(descriptors: Mapping[str, pd.DataFrame], *, scale: str) -> tuple[list[str], np.ndarray]:
    """Return the ids of the tracks that all sets describe, and their descriptors (tracks, columns).

    Columns are scaled one by one, then group by group, so that all groups have the same total
    variance. The columns of a feature table are one group. Columns that some track lacks are left
    out.

    Parameters
    ----------
    descriptors : frame of `id` and numbers, by the name of the set
    scale : name of a function in `hybridmusic.spaces.scaling`

    Raises
    ------
    InputError : if no track or no column is left
    """
    ids, groups = _grouped(descriptors)
    scaled = getattr(scaling, scale)
    return list(ids), scaling.weighted_equally(
        [scaled(columns.to_numpy()) for _, columns in groups]
    )


def place(
    old: dict[str, Mapping[str, pd.DataFrame]],
    new: dict[str, Mapping[str, pd.DataFrame]],
    *,
    scale: str,
) -> np.ndarray:
    """Return the old tracks' columns for the new tracks, scaled and weighted like the old.

    Raises InputError if a new track lacks one.
    """
    scaled = getattr(scaling, scale)
    _, groups = _grouped(old["descriptors"])
    known = [columns.to_numpy() for _, columns in groups]
    added = [
        new["descriptors"][name].reindex(columns=columns.columns).to_numpy(dtype=float)
        for name, columns in groups
    ]
    if not all(np.isfinite(rows).all() for rows in added):
        raise InputError(
            "some of the new tracks lack descriptors that the run uses: tracks of a feature table "
            "can only join a run that has such a table too"
        )
    like = [scaled(rows) for rows in known]
    placed = [scaled(rows, columns) for rows, columns in zip(added, known, strict=True)]
    return scaling.weighted_equally(placed, like)


def _grouped(
    descriptors: Mapping[str, pd.DataFrame],
) -> tuple[pd.Index, list[tuple[str, pd.DataFrame]]]:
    """Return the ids of the tracks that all sets describe, and each group with its set's name."""
    tables = {name: table.set_index("id") for name, table in descriptors.items()}
    ids = reduce(lambda a, b: a.intersection(b, sort=False), [t.index for t in tables.values()])
    if ids.empty:
        named = " and ".join(tables)
        raise InputError(f"no track has the descriptors of {named}, which need its sound")
    groups = [
        (name, columns)
        for name, table in tables.items()
        for columns in _groups(name, table.loc[ids])
    ]
    return ids, groups


def _groups(name: str, table: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the columns of a set by group, or as one group if some are of a feature table."""
    described = kinds.load("descriptors", name)
    table = table.drop(columns=[*getattr(described, "ASIDE", ())], errors="ignore")
    complete = table.loc[:, table.notna().all()]
    if complete.empty:
        raise InputError(f"{name}: all {len(table)} tracks have no descriptor in common")
    if lacking := sorted(set(table) - set(complete)):
        logger.warning("left out, because some tracks lack it: %s", ", ".join(lacking))
    groups = [
        [column for column in group if column in complete] for group in described.GROUPS.values()
    ]
    if set(chain(*groups)) != set(complete):
        groups = [list(complete)]
        named = ", ".join(complete)
        logger.info("%s: %d columns of a feature table, %s", name, len(groups[0]), named)
    return [complete[group] for group in groups if group]
