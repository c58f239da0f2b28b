"""What the adapters that need neighbours share: graphs read, found and written."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cache, partial
from types import ModuleType

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from hybridmusic.spaces import neighbours
from hybridmusic.spaces.neighbours import Graph, Neighbours
from hybridmusic.tracks.conditions import effective
from shared import job

logger = logging.getLogger(__name__)


def read(path: str) -> dict[int, Graph]:
    """The graph of each seed of a space; its rows are in the order of the space's tracks."""
    table = pq.read_table(path)
    seeds, exact = table["seed"].to_numpy(), table["exact"].to_numpy()
    indices, distances = (
        table[name].combine_chunks().values.to_numpy().reshape(len(table), -1)
        for name in ("nearest", "distance")
    )
    return {
        int(seed): Graph(
            indices[seeds == seed], distances[seeds == seed], exact[seeds == seed].all()
        )
        for seed in pd.unique(seeds)
    }


def write(ids: list[str], graphs: dict[int, Graph], path: str) -> None:
    """Write the graph of each seed of a space with these `ids`."""
    parts = [
        pd.DataFrame(
            {
                "id": ids,
                "seed": seed,
                "nearest": list(graph.indices),
                "distance": list(graph.distances),
                "exact": graph.exact,
            }
        )
        for seed, graph in graphs.items()
    ]
    job.write_table(pd.concat(parts), "neighbours", path)


def of_members(
    members: dict[int, np.ndarray],
    k: int,
    exact_up_to: int,
    *,
    metric: str = "euclidean",
    groups: Sequence | None = None,
    path: str | None = None,
) -> dict[int, Neighbours]:
    """Neighbours of the tracks for each of a space's `members` (tracks, d), `k` at most.

    They are those of the file `path`; without one they are found when they are first asked for.
    """
    if path:
        return {seed: Neighbours(lambda graph=graph: graph) for seed, graph in read(path).items()}
    search = partial(_found, metric=metric, groups=groups, exact_up_to=exact_up_to)
    return {seed: Neighbours(partial(search, x, k, seed=seed)) for seed, x in members.items()}


def _found(x: np.ndarray, k: int, *, exact_up_to: int, **settings) -> Graph:
    """What `neighbours.knn_graph` finds, once what it needs is compiled by one process alone."""
    if len(x) > exact_up_to:
        _compile()
    return neighbours.knn_graph(x, k, exact_up_to=exact_up_to, **settings)


@cache
def _compile() -> None:
    with job.alone():
        neighbours.warm_up()


def handed(
    module: ModuleType,
    settings: dict,
    members: dict[int, np.ndarray],
    exact_up_to: int,
    tracks: pd.DataFrame | None = None,
    path: str | None = None,
) -> dict[int, dict[str, Neighbours]]:
    """What a kind is handed beside its settings for each of a space's members: `graph`, or nothing.

    `tracks`, in the rows of the members, have the `language` that a graph may be balanced over.
    """
    counted_by = getattr(module, "GRAPH", None)
    if counted_by is None:
        return {seed: {} for seed in members}
    found = of_members(
        members,
        settings[counted_by],
        exact_up_to,
        metric=settings.get("metric", "euclidean"),
        groups=groups_of(settings.get("balance", "none"), tracks),
        path=path,
    )
    return {seed: {"graph": graph} for seed, graph in found.items()}


def groups_of(balance: str, tracks: pd.DataFrame | None) -> np.ndarray | None:
    """The group of each track that neighbours are balanced over, if over any."""
    if balance == "none":
        return None
    if effective(balance, tracks) == "none":
        logger.warning("one %s: there is nothing to balance", balance)
        return None
    return tracks[balance].to_numpy()
