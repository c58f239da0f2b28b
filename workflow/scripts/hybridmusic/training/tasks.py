"""Train the network of a space on all of its tracks, or on some of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import nn

from hybridmusic import kinds
from hybridmusic.spaces.neighbours import Neighbours, at_most
from hybridmusic.training import loop
from hybridmusic.training.labels import one_hot, targets
from hybridmusic.training.positives import Positives, positives

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """A network to train, and what it learns from.

    Attributes
    ----------
    kind, settings : kind of network, and all of its settings
    ids, songs, genres : of each track, (tracks,); None is an unknown genre
    x : (seeds or 1, tracks, d)
    n_features : d, or the width of each space for a network of several
    condition : (tracks, classes) of zeros and ones
    conditioned_on : label of the condition, or "none"
    classes : values of that label, in the order of the condition's columns
    groups : (tracks, groups) of zeros and ones that the latent is to be independent of, or None
    search : returns the neighbours among some rows, or among all tracks for None, for each of `x`
    device : "cpu" or "cuda"
    """

    kind: str
    settings: dict
    seeds: list[int]
    ids: list[str]
    songs: list[str]
    genres: list[str | None]
    x: np.ndarray
    n_features: int | list[int]
    condition: np.ndarray
    conditioned_on: str
    classes: list[str]
    groups: np.ndarray | None
    search: Callable[[np.ndarray | None], list[Neighbours]]
    device: str


def trained(task: Task, chosen: np.ndarray | None = None) -> tuple[nn.Module, pd.DataFrame]:
    """Train on all tracks or on the `chosen`, (tracks,) of bool; return network and history."""
    rows = slice(None) if chosen is None else chosen
    x, condition = task.x[:, rows], task.condition[rows]
    groups = None if task.groups is None else task.groups[rows]
    songs, labels = np.array(task.songs)[rows], _labels(task, rows)
    settings = task.settings if labels is None else task.settings | {"n_labels": labels.shape[2]}
    network = loop.build(task.kind, task.n_features, condition.shape[1], task.seeds, settings)
    history = loop.train(
        network,
        *(x, condition, task.seeds, task.settings, task.device),
        groups=groups,
        labels=labels,
        pairs=_pairs(task, songs, chosen),
    )
    return network, history


def one_hot_of(labels: Sequence[str | None] | None, n_tracks: int) -> tuple[np.ndarray, list[str]]:
    """Encode a label as (tracks, classes) of zeros and ones, and name its classes, if any."""
    if labels is None:
        return one_hot([None] * n_tracks, []), []
    classes = sorted({label for label in labels if pd.notna(label)})
    return one_hot(list(labels), classes), classes


def described(task: Task) -> dict:
    """Return what is needed to build the network again and to know how it was trained."""
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


def _labels(task: Task, rows: slice | np.ndarray) -> np.ndarray | None:
    """Encode the genres that each seed is shown, if the network learns from genres."""
    if "labels" not in task.settings:
        return None
    songs, genres = (np.array(part, dtype=object)[rows] for part in (task.songs, task.genres))
    shares = [task.settings["labels"]] * len(task.seeds)
    labels = targets(songs, genres, shares, task.seeds)
    counts = labels.sum(axis=(1, 2)).astype(int)
    logger.info("shown the genres of %s of %d tracks, by seed", counts.tolist(), len(songs))
    if not labels.shape[2]:
        logger.warning("no track has a genre: trained without labels")
    return labels


def _pairs(task: Task, songs: np.ndarray, chosen: np.ndarray | None) -> list[Positives] | None:
    """Return what draws partners for each seed, if the network learns from neighbours."""
    count = kinds.declared("networks", task.kind, "GRAPH")
    if count is None:
        return None
    k, partners = at_most(task.settings[count], len(songs)), task.settings.get("positives")
    pairs = [
        positives(partners or "neighbours", neighbours.nearest(k).indices, songs)
        for neighbours in task.search(chosen)
    ]
    return pairs * (len(task.seeds) // len(pairs))
