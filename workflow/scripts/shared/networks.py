"""Read the task of a rule that trains networks."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

import numpy as np
import pandas as pd

from hybridmusic import kinds
from hybridmusic.spaces.members import member, seeds_of
from hybridmusic.spaces.neighbours import Neighbours
from hybridmusic.terms import NONE
from hybridmusic.tracks.conditions import effective
from hybridmusic.training.tasks import Task, one_hot_of
from shared import devices, graphs, job

logger = logging.getLogger(__name__)


def task_of(snakemake) -> Task:
    """Read a rule's space, catalogue and settings."""
    params, inputs = snakemake.params, snakemake.input
    ids, sources = job.read_common(inputs.space)
    return task(
        *(params.kind, json.loads(params.settings), list(params.seeds), sources),
        job.read_table(inputs.catalogue).set_index("id").loc[ids],
        params.get("exact_up_to"),
        devices.device(snakemake),
        graph=inputs.get("graph"),
    )


def task(
    kind: str,
    settings: dict,
    seeds: list[int],
    sources: Sequence[dict[int, np.ndarray]],
    tracks: pd.DataFrame,
    exact_up_to: int | None,
    device: str,
    *,
    collection: pd.DataFrame | None = None,
    graph: str | None = None,
) -> Task:
    """Gather what networks of some tracks learn from.

    Parameters
    ----------
    kind, settings : of the network, all of its settings
    seeds : one for each network
    sources : vectors (tracks, d) by seed, of each parent
    tracks : catalogue of these tracks by id
    exact_up_to : number of tracks up to which searches of neighbours are exact
    device : of torch
    collection : catalogue whose labels have classes, by default `tracks`
    graph : file of the neighbours; without one they are searched
    """
    module = kinds.load("networks", kind)
    of_seeds = seeds_of(sources, False, seeds)
    x = np.stack([np.hstack([member(source, seed) for source in sources]) for seed in of_seeds])
    widths = [next(iter(source.values())).shape[1] for source in sources]
    collection = tracks if collection is None else collection

    wanted = settings.get("condition", NONE)
    conditioned_on = effective(wanted, collection)
    if conditioned_on != wanted:
        logger.warning("no %s to condition on: conditioned on %s", wanted, conditioned_on)
    condition, classes = one_hot_of(conditioned_on, tracks, collection)
    wanted = settings.get("independent_of", NONE)
    independent_of = effective(wanted, collection)
    if wanted != independent_of:
        logger.warning("one language: there is nothing to be independent of")
    groups, _ = one_hot_of(independent_of, tracks, collection)

    def search(chosen: np.ndarray | None) -> list[Neighbours]:
        rows = slice(None) if chosen is None else chosen
        members = dict(zip(seeds, x[:, rows], strict=False))
        path = graph if chosen is None else None
        found = graphs.handed(module, settings, members, exact_up_to, path=path)
        return [arguments["graph"] for arguments in found.values()]

    return Task(
        kind=kind,
        settings=settings,
        seeds=seeds,
        ids=tracks.index.to_list(),
        songs=tracks["song"].to_list(),
        units=tracks["unit"].to_list(),
        genres=tracks["genre"].astype(object).where(tracks["genre"].notna(), None).to_list(),
        known_genres=sorted(collection["genre"].dropna().unique()),
        x=x,
        n_features=widths if module.SEVERAL else widths[0],
        condition=condition,
        conditioned_on=conditioned_on,
        classes=classes,
        groups=groups,
        search=search,
        device=device,
    )
