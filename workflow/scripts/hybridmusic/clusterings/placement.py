"""Place new tracks in the spaces of a run, whose vectors stay as they are.

A step is a row of the configuration: `name`, `family`, `kind`, `of` and complete `settings`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hybridmusic import kinds
from hybridmusic.clusterings.assignment import Near
from hybridmusic.terms import NONE
from hybridmusic.training import loop
from hybridmusic.training.labels import one_hot


def in_block(step: dict, old: dict, new: dict) -> np.ndarray | None:
    """Return vectors in a block from tables by name; None where its kind cannot place tracks."""
    module = kinds.load("blocks", step["kind"])
    if not hasattr(module, "place"):
        return None
    settings = dict(step["settings"])
    sets = settings.pop("sets", None)
    needed = []
    for tables in (old, new):
        needed.append({name: tables[name] for name in module.READS})
        if sets is not None:
            needed[-1]["descriptors"] = {name: tables["descriptors"][name] for name in sets}
    return module.place(*needed, **settings)


def in_transform(
    step: dict,
    old: list[np.ndarray],
    new: list[np.ndarray],
    space: np.ndarray,
    tracks: tuple[pd.DataFrame, pd.DataFrame],
) -> np.ndarray:
    """Return the vectors of new tracks in a transform of other spaces.

    `old` and `new` are (tracks, d) of each parent, `space` (tracks, d) the old tracks in the
    transform, and `tracks` the catalogues of both.
    """
    module = kinds.load("transforms", step["kind"])
    if not hasattr(module, "place"):
        return between(np.hstack(old), np.hstack(new), space)
    labels = {
        column: tuple(table[column].to_numpy() for table in tracks)
        for column in getattr(module, "NEEDS", ())
    }
    sources = (old, new) if module.SEVERAL else (old[0], new[0])
    return module.place(*sources, **labels, **step["settings"])


def in_network(
    described: dict, weights: Mapping, x: np.ndarray, tracks: pd.DataFrame
) -> np.ndarray:
    """Return the latent means of new tracks by the first seed's network of a run.

    `described` is its `settings.json`, `weights` its tensors by name, and `x` (tracks, d) of its
    parents. The catalogue has the label that the network is conditioned on.
    """
    network = loop.restored(described, weights)
    column = described["conditioned_on"]
    labels = [None] * len(tracks) if column == NONE else tracks[column].to_list()
    return loop.encode(network, x, one_hot(labels, described["classes"])).latent[0]


def between(old: np.ndarray, new: np.ndarray, space: np.ndarray) -> np.ndarray:
    """Place new tracks in a `space` (tracks, d) that can only be made as a whole, such as a map.

    A new track gets the mean of the vectors of its nearest known tracks, weighted by one over the
    distance, so a known track gets its own vector. Distances are in what the space was made from,
    `old` and `new` (tracks, d).
    """
    near = Near.of(old, new)
    weights = near.weights(old)
    return (weights[:, :, None] * space[near.rows]).sum(axis=1)
