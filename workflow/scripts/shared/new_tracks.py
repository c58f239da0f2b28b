"""Read a run and the new tracks placed in it: vectors, clusterings and moved centroids.

Of every space and clustering only the first seed is used.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import pandas as pd

from hybridmusic import kinds
from hybridmusic.clusterings.centroids import Centroids
from hybridmusic.clusterings.table import member_rows
from shared import job

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Method:
    """A method of the run, with the vectors that it clusters."""

    name: str
    number: int  # of its row in the configuration
    clusterer: ModuleType
    k: int | None  # None if it finds the number itself
    seed: int
    clusters: np.ndarray  # (tracks,), of the run's tracks
    old: np.ndarray  # (tracks, d), the run's tracks
    new: np.ndarray  # (tracks, d), the new tracks


@dataclass(frozen=True)
class Spaces:
    """Vectors by space: of the run's tracks, and of new tracks where they have a place."""

    known: dict[str, tuple[list[str], dict[int, np.ndarray]]]
    placed: dict[str, np.ndarray]
    ids: list[str]  # of the new tracks

    @classmethod
    def read(cls, snakemake) -> Spaces:
        """Read the inputs `spaces` and `placed`."""
        paths = zip(snakemake.params.spaces, snakemake.input.spaces, strict=True)
        table = job.read_table(snakemake.input.placed)
        return cls(
            {name: job.read_space(path) for name, path in paths},
            {name: np.stack(rows["vector"]) for name, rows in table.groupby("space", sort=False)},
            table["id"].drop_duplicates().to_list(),
        )

    def joined(self, names: list[str], ids: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Return vectors of the old tracks `ids` and of all new ones, spaces side by side."""
        old = [job.vectors_of(ids, self.known[name]) for name in names]
        return np.hstack(old), np.hstack([self.placed[name] for name in names])


def methods(snakemake, spaces: Spaces) -> Iterator[Method]:
    """Yield the methods that can assign new tracks; log a warning for each of the others."""
    params = snakemake.params
    columns = params.methods, params.spaces_of, params.clusterers, snakemake.input.clusterings
    for number, (name, space, kind, path) in enumerate(zip(*columns, strict=True)):
        clusterer = kinds.load("clusterers", kind)
        if getattr(clusterer, "RULE", "") is None or space not in spaces.placed:
            logger.warning("%s: left out, because it cannot assign new tracks to clusters", name)
            continue
        rows = member_rows(job.read_table(path), params.k)
        old, new = spaces.joined([space], rows["id"].to_list())
        k, seed = rows["k"].iloc[0], int(rows["seed"].iloc[0])
        k = None if pd.isna(k) else int(k)
        yield Method(name, number, clusterer, k, seed, rows["cluster"].to_numpy(), old, new)


def moved_centroids(path: str | list) -> dict[str, Centroids]:
    """Read the centroids by method that an earlier batch left; none without a path."""
    if not path:
        return {}
    return {
        name: Centroids(
            rows["cluster"].to_numpy(), np.stack(rows["vector"]), rows["count"].to_numpy()
        )
        for name, rows in job.read_table(path).groupby("method", sort=False)
    }
