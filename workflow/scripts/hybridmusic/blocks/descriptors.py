"""Descriptors beside the paper's features, in groups of equal weight."""

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
    """Ids of the tracks that all sets describe, and their descriptors: (tracks, columns).

    `descriptors` has a frame of `id` and numbers for each set. Columns are scaled one by one, and
    then group by group, so that all groups have the same total variance. The columns of a feature
    table are one group. Columns that some track lacks are left out. Raises InputError where no
    track or no column is left.
    """
    ids, groups = _grouped(descriptors)
    scaled = getattr(scaling, scale)
    return list(ids), weighed_equally([scaled(columns.to_numpy()) for _, columns in groups])


def place(
    old: dict[str, Mapping[str, pd.DataFrame]],
    new: dict[str, Mapping[str, pd.DataFrame]],
    *,
    scale: str,
) -> np.ndarray:
    """The columns that the old tracks have, of the new ones, scaled and weighed as those were.

    Raises InputError if a new track lacks one.
    """
    scaled = getattr(scaling, scale)
    _, groups = _grouped(old["descriptors"])
    known = [columns.to_numpy() for _, columns in groups]
    found = [
        new["descriptors"][name].reindex(columns=columns.columns).to_numpy(dtype=float)
        for name, columns in groups
    ]
    if not all(np.isfinite(rows).all() for rows in found):
        raise InputError(
            "the run uses descriptors that some of the new tracks lack: they come from a feature "
            "table, which can only join a run that has such a table too"
        )
    like = [scaled(rows) for rows in known]
    placed = [scaled(rows, columns) for rows, columns in zip(found, known, strict=True)]
    return weighed_equally(placed, like)


def weighed_equally(groups: list[np.ndarray], like: list[np.ndarray] | None = None) -> np.ndarray:
    """The columns of all groups side by side, each group with the mean of their total variances.

    A group that is constant stays so. `like` holds the groups whose variances these are; `groups`
    itself, unless it is given.
    """
    like = groups if like is None else like
    totals = np.array([group.var(axis=0, dtype=float).sum() for group in like])
    mean = totals.sum() / max(1, np.count_nonzero(totals))
    weights = np.sqrt(mean / np.where(totals > 0, totals, np.inf))
    weighed = [group * weight for group, weight in zip(groups, weights, strict=True)]
    return np.hstack(weighed).astype(np.float32)


def _grouped(
    descriptors: Mapping[str, pd.DataFrame],
) -> tuple[pd.Index, list[tuple[str, pd.DataFrame]]]:
    """Ids of the tracks that all sets describe, and each group's columns with its set's name."""
    tables = {name: table.set_index("id") for name, table in descriptors.items()}
    ids = reduce(lambda a, b: a.intersection(b, sort=False), [t.index for t in tables.values()])
    if ids.empty:
        raise InputError(f"no track is described by {' and '.join(tables)}, which need its sound")
    groups = [
        (name, columns)
        for name, table in tables.items()
        for columns in _groups(name, table.loc[ids])
    ]
    return ids, groups


def _groups(name: str, table: pd.DataFrame) -> list[pd.DataFrame]:
    """The columns of a set by what they describe together; all as one if some are of a table."""
    described = kinds.load("descriptors", name)
    table = table.drop(columns=[*described.ASIDE], errors="ignore")
    complete = table.loc[:, table.notna().all()]
    if complete.empty:
        raise InputError(f"{name}: no descriptor is known of all {len(table)} tracks")
    if lacking := sorted(set(table) - set(complete)):
        logger.warning("left out, because some tracks lack it: %s", ", ".join(lacking))
    groups = [
        [column for column in of_group if column in complete]
        for of_group in described.GROUPS.values()
    ]
    if set(chain(*groups)) != set(complete):
        groups = [list(complete)]
        logger.info("%s of a table: %d columns, %s", name, len(groups[0]), ", ".join(complete))
    return [complete[group] for group in groups if group]
