"""Read, write and search graphs of neighbours, for the adapters that need them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from types import ModuleType

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from hybridmusic.spaces import neighbours
from hybridmusic.spaces.neighbours import Graph, Neighbours, groups_of
from shared import job


def read(path: str) -> dict[int, Graph]:
    """Return the graph of each seed of a space; its rows are in the order of the tracks."""
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
    """Return the neighbours of a space's tracks for each of its seeds.

    Parameters
    ----------
    members : vectors (tracks, d) by seed
    k : most neighbours of a track
    exact_up_to : number of tracks up to which the search is exact
    metric : one of `neighbours.METRICS`
    groups : group of each track that the graph is balanced over, (tracks,); None for no balance
    path : file of the graphs; without one, each is searched when it is first needed
    """
    if path:
        return {seed: Neighbours(lambda graph=graph: graph) for seed, graph in read(path).items()}
    search = partial(_search, metric=metric, groups=groups, exact_up_to=exact_up_to)
    return {seed: Neighbours(partial(search, x, k, seed=seed)) for seed, x in members.items()}


def _search(x: np.ndarray, k: int, *, exact_up_to: int, **settings) -> Graph:
    if len(x) > exact_up_to:
        warm_up(neighbours)
    return neighbours.knn_graph(x, k, exact_up_to=exact_up_to, **settings)


def warm_up(module: ModuleType) -> None:
    """Compile what a module needs in one process at a time, if it has a `warm_up`."""
    if hasattr(module, "warm_up"):
        _warmed_up(module)


@cache
def _warmed_up(module: ModuleType) -> None:
    with job.alone():
        module.warm_up()


def handed(
    module: ModuleType,
    settings: dict,
    members: dict[int, np.ndarray],
    exact_up_to: int | None,
    tracks: pd.DataFrame | None = None,
    path: str | None = None,
) -> dict[int, dict[str, Neighbours]]:
    """Return the arguments that a kind gets in addition to its settings, by seed: `graph`, or none.

    Parameters
    ----------
    module : module of the kind; its `GRAPH` names the setting of the number of neighbours
    settings : all settings of the kind
    members : vectors (tracks, d) by seed
    exact_up_to : number of tracks up to which a search is exact; None for kinds without `GRAPH`
    tracks : frame with the `language` of each row of the members, for balanced graphs
    path : file of the graphs, if several jobs need them
    """
    counted_by = getattr(module, "GRAPH", None)
    if counted_by is None:
        return {seed: {} for seed in members}
    graphs = of_members(
        members,
        settings[counted_by],
        exact_up_to,
        metric=settings.get("metric", "euclidean"),
        groups=groups_of(settings.get("balance", "none"), tracks),
        path=path,
    )
    return {seed: {"graph": graph} for seed, graph in graphs.items()}
