"""Descriptors beside the paper's features, in groups of equal weight."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import reduce
from itertools import chain

import numpy as np
import pandas as pd

from hybridmusic import kinds, scaling
from hybridmusic.errors import InputError

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
    tables = {name: table.set_index("id") for name, table in descriptors.items()}
    ids = reduce(lambda a, b: a.intersection(b, sort=False), [t.index for t in tables.values()])
    if ids.empty:
        raise InputError(f"no track is described by {' and '.join(tables)}, which need its sound")
    scaled = getattr(scaling, scale)
    groups = [
        scaled(columns.to_numpy())
        for name, table in tables.items()
        for columns in _groups(name, table.loc[ids])
    ]
    return list(ids), weighed_equally(groups)


def weighed_equally(groups: list[np.ndarray]) -> np.ndarray:
    """The columns of all groups side by side, each group with the mean of their total variances.

    A group that is constant stays so.
    """
    totals = np.array([group.var(axis=0, dtype=float).sum() for group in groups])
    mean = totals.sum() / max(1, np.count_nonzero(totals))
    weights = np.sqrt(mean / np.where(totals > 0, totals, np.inf))
    weighed = [group * weight for group, weight in zip(groups, weights, strict=True)]
    return np.hstack(weighed).astype(np.float32)


def _groups(name: str, table: pd.DataFrame) -> list[pd.DataFrame]:
    """The columns of a set by what they describe together; all as one if some are of a table."""
    complete = table.loc[:, table.notna().all()]
    if complete.empty:
        raise InputError(f"{name}: no descriptor is known of all {len(table)} tracks")
    if lacking := sorted(set(table) - set(complete)):
        logger.warning("left out, because some tracks lack it: %s", ", ".join(lacking))
    groups = [
        [column for column in of_group if column in complete]
        for of_group in kinds.load("descriptors", name).GROUPS.values()
    ]
    if set(chain(*groups)) != set(complete):
        groups = [list(complete)]
        logger.info("%s of a table: %d columns, %s", name, len(groups[0]), ", ".join(complete))
    return [complete[group] for group in groups if group]
