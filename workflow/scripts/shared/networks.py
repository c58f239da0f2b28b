"""Read the task of a rule that trains networks."""

from __future__ import annotations

import json
import logging

import numpy as np

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
    settings, module = json.loads(params.settings), kinds.load("networks", params.kind)
    ids, sources = job.read_common(inputs.space)
    seeds = list(params.seeds)
    of_seeds = seeds_of(sources, False, seeds)
    x = np.stack([np.hstack([member(source, seed) for source in sources]) for seed in of_seeds])
    widths = [next(iter(source.values())).shape[1] for source in sources]
    tracks = job.read_table(inputs.catalogue).set_index("id").loc[ids]

    wanted = settings.get("condition", NONE)
    conditioned_on = effective(wanted, tracks)
    if conditioned_on != wanted:
        logger.warning("no %s to condition on: conditioned on %s", wanted, conditioned_on)
    labels = None if conditioned_on == NONE else tracks[conditioned_on]
    condition, classes = one_hot_of(labels, len(ids))
    groups, wanted = None, settings.get("independent_of", NONE)
    if (independent_of := effective(wanted, tracks)) != NONE:
        groups, _ = one_hot_of(tracks[independent_of], len(ids))
    elif wanted != NONE:
        logger.warning("one language: there is nothing to be independent of")

    def search(chosen: np.ndarray | None) -> list[Neighbours]:
        rows = slice(None) if chosen is None else chosen
        members = dict(zip(seeds, x[:, rows], strict=False))
        path = inputs.get("graph") if chosen is None else None
        found = graphs.handed(module, settings, members, params.exact_up_to, path=path)
        return [arguments["graph"] for arguments in found.values()]

    return Task(
        kind=params.kind,
        settings=settings,
        seeds=seeds,
        ids=ids,
        songs=tracks["song"].to_list(),
        genres=tracks["genre"].astype(object).where(tracks["genre"].notna(), None).to_list(),
        x=x,
        n_features=widths if module.SEVERAL else widths[0],
        condition=condition,
        conditioned_on=conditioned_on,
        classes=classes,
        groups=groups,
        search=search,
        device=devices.device(snakemake),
    )
