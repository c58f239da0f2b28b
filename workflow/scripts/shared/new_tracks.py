"""What the adapters share by which new tracks join a run: vectors and clusters, first seeds all."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import pandas as pd

from hybridmusic import kinds
from hybridmusic.clusterings.centroids import Centroids
from hybridmusic.clusterings.table import of_k
from shared import job

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Method:
    """One method: its clusters of the run's tracks `old` (tracks, d), and the tracks `new`."""

    name: str
    number: int  # of its row in the configuration
    clusterer: ModuleType
    k: int | None  # None where it found the number itself
    seed: int
    clusters: np.ndarray
    old: np.ndarray
    new: np.ndarray


@dataclass(frozen=True)
class Spaces:
    """Vectors of the run's tracks and of new ones by space; new ones are not in all of them."""

    known: dict[str, tuple[list[str], dict[int, np.ndarray]]]
    placed: dict[str, np.ndarray]
    ids: list[str]

    @classmethod
    def read(cls, snakemake) -> Spaces:
        """From the inputs `spaces` and `placed`."""
        paths = zip(snakemake.params.spaces, snakemake.input.spaces, strict=True)
        table = job.read_table(snakemake.input.placed)
        by_space = dict(tuple(table.groupby("space", sort=False)))
        return cls(
            {name: job.read_space(path) for name, path in paths},
            {name: np.stack(rows["vector"]) for name, rows in by_space.items()},
            table["id"].drop_duplicates().to_list(),
        )

    def of(self, names: list[str], ids: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Vectors of the old tracks `ids` and of all new ones, in these spaces side by side."""
        known = [self.known[name] for name in names]
        old = [job.vectors_of(ids, space, next(iter(space[1]))) for space in known]
        return np.hstack(old), np.hstack([self.placed[name] for name in names])


def methods(snakemake, spaces: Spaces) -> Iterator[Method]:
    """Every method that tells something of new tracks; others are left out with a word."""
    params = snakemake.params
    for number, (name, space, kind, path) in enumerate(
        zip(
            params.methods,
            params.spaces_of,
            params.clusterers,
            snakemake.input.clusterings,
            strict=True,
        )
    ):
        clusterer = kinds.load("clusterers", kind)
        if getattr(clusterer, "RULE", "") is None or space not in spaces.placed:
            logger.warning("%s: left out, because it tells nothing of new tracks", name)
            continue
        rows = of_k(job.read_table(path), params.k)
        rows = rows[rows["seed"] == rows["seed"].iloc[0]]
        old, new = spaces.of([space], rows["id"].to_list())
        k, seed = rows["k"].iloc[0], int(rows["seed"].iloc[0])
        k = None if pd.isna(k) else int(k)
        yield Method(name, number, clusterer, k, seed, rows["cluster"].to_numpy(), old, new)


def moved_centroids(path: str | list) -> dict[str, Centroids]:
    """Centroids by method as an earlier batch left them; none if `path` is none."""
    if not path:
        return {}
    return {
        name: Centroids(
            rows["cluster"].to_numpy(), np.stack(rows["vector"]), rows["count"].to_numpy()
        )
        for name, rows in job.read_table(path).groupby("method", sort=False)
    }
