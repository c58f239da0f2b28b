"""What the adapters that train networks share: the data of a network, and training."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import nn

from hybridmusic import kinds
from hybridmusic.spaces.neighbours import at_most
from hybridmusic.tracks.conditions import effective
from hybridmusic.training import loop
from hybridmusic.training.labels import one_hot, targets
from hybridmusic.training.positives import Positives, positives
from shared import devices, graphs, job

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """A network to train: `x` is (seeds or 1, tracks, d), `condition` (tracks, classes).

    `n_features` is the width d of its space, or of each of its spaces, which `x` has side by side.
    `groups`, (tracks, languages), are what the latent is to be independent of, if anything. `graph`
    is where the neighbours of all tracks are written, if several jobs need them.
    """

    kind: str
    settings: dict
    seeds: list[int]
    ids: list[str]
    songs: list[str]
    x: np.ndarray
    n_features: int | list[int]
    condition: np.ndarray
    conditioned_on: str
    classes: list[str]
    groups: np.ndarray | None
    genres: list[str | None]
    graph: str | None
    exact_up_to: int | None
    device: str


def task_of(snakemake) -> Task:
    """Read what a rule gives: its space, its catalogue and its settings."""
    params = snakemake.params
    settings = json.loads(params.settings)
    ids, sources = job.read_common(snakemake.input.space)
    seeds = list(params.seeds)
    x = np.stack(
        [
            np.hstack([job.member(source, seed) for source in sources])
            for seed in job.seeds_of(sources, False, seeds)
        ]
    )
    widths = [next(iter(source.values())).shape[1] for source in sources]
    tracks = job.read_table(snakemake.input.catalogue).set_index("id").loc[ids]
    wanted = settings.get("condition", "none")
    conditioned_on = effective(wanted, tracks)
    if conditioned_on != wanted:
        logger.warning("no %s to condition on: conditioned on %s", wanted, conditioned_on)
    condition, classes = _labels(tracks, conditioned_on)
    groups = None
    if settings.get("independent_of", "none") != "none":
        independent_of = effective(settings["independent_of"], tracks)
        if independent_of == "none":
            logger.warning("one language: there is nothing to be independent of")
        else:
            groups, _ = _labels(tracks, independent_of)
    return Task(
        kind=params.kind,
        settings=settings,
        seeds=seeds,
        ids=ids,
        songs=tracks["song"].to_list(),
        x=x,
        n_features=widths if kinds.load("networks", params.kind).SEVERAL else widths[0],
        condition=condition,
        conditioned_on=conditioned_on,
        classes=classes,
        groups=groups,
        genres=tracks["genre"].astype(object).where(tracks["genre"].notna(), None).to_list(),
        graph=snakemake.input.get("graph"),
        exact_up_to=params.get("exact_up_to"),
        device=devices.device(snakemake),
    )


def trained(task: Task, chosen: np.ndarray | None = None) -> tuple[nn.Module, pd.DataFrame]:
    """The task's network trained on all of its tracks or the `chosen` ones, and its history."""
    graph = task.graph if chosen is None else None
    rows = slice(None) if chosen is None else chosen
    x, condition = task.x[:, rows], task.condition[rows]
    groups = None if task.groups is None else task.groups[rows]
    songs, labels = np.array(task.songs)[rows], _told(task, rows)
    settings = task.settings if labels is None else task.settings | {"n_labels": labels.shape[2]}
    network = loop.build(*(task.kind, task.n_features, condition.shape[1], task.seeds, settings))
    history = loop.train(
        network,
        *(x, condition, task.seeds, task.settings, task.device),
        groups=groups,
        labels=labels,
        pairs=_pairs(task, x, songs, graph),
    )
    return network, history


def _told(task: Task, chosen) -> np.ndarray | None:
    """For each seed the genres that a network is told of its tracks, if it is told any."""
    if "labels" not in task.settings:
        return None
    songs, genres = (np.array(of, dtype=object)[chosen] for of in (task.songs, task.genres))
    shares = [task.settings["labels"]] * len(task.seeds)
    labels = targets(songs, genres, shares, task.seeds)
    told = labels.sum(axis=(1, 2)).astype(int)
    logger.info("told the genres of %s of %d tracks, by seed", told.tolist(), len(songs))
    if not labels.shape[2]:
        logger.warning("there are no genres, so it is a VAE that is told none")
    return labels


def _pairs(
    task: Task, x: np.ndarray, songs: np.ndarray, graph: str | None
) -> list[Positives] | None:
    """For each seed what draws partners among the tracks of `x`, if the network learns from any."""
    if "positives" not in task.settings:
        return None
    members = dict(zip(task.seeds, x, strict=False))
    module = kinds.load("networks", task.kind)
    near = graphs.handed(module, task.settings, members, task.exact_up_to, path=graph)
    k = at_most(task.settings["neighbours"], len(songs))
    pairs = [
        positives(task.settings["positives"], found["graph"].nearest(k).indices, songs)
        for found in near.values()
    ]
    return pairs * (len(task.seeds) // len(pairs))


def _labels(tracks: pd.DataFrame, label: str) -> tuple[np.ndarray, list[str]]:
    """A label of every track as zeros and ones, (tracks, classes), and its classes; or nothing."""
    if label == "none":
        return one_hot([None] * len(tracks), []), []
    classes = sorted(tracks[label].dropna().unique())
    return one_hot(tracks[label].to_list(), classes), classes


def described(task: Task) -> dict:
    """Everything needed to build the network again and to know how it was trained."""
    return {
        "kind": task.kind,
        "features": task.n_features,
        "conditioned_on": task.conditioned_on,
        "classes": task.classes,
        "seeds": task.seeds,
        "tracks": len(task.ids),
        **task.settings,
        **({"n_labels": len(set(task.genres) - {None})} if "labels" in task.settings else {}),
        "device": task.device,
        "torch": torch.__version__,
    }
