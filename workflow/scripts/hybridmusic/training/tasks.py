"""Train the network of a space on all of its tracks, or on some of them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
import torch
from torch import nn

from hybridmusic import kinds
from hybridmusic.spaces.neighbours import Neighbours, at_most
from hybridmusic.terms import NONE
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
    ids, songs, units, genres : of each track, (tracks,); a unit is an artist or a song, and None an
        unknown genre
    known_genres : genres of the collection that the tracks are of, sorted
    x : (seeds or 1, tracks, d)
    n_features : d, or the width of each space for a network of several
    condition : (tracks, classes) of zeros and ones
    conditioned_on : label of the condition, or "none"
    classes : values of that label, in the order of the condition's columns
    groups : (tracks, groups) of zeros and ones that the latent is to be independent of; no column
        if there is nothing
    search : returns the neighbours among some rows, or among all tracks for None, for each of `x`
    device : "cpu" or "cuda"
    """

    kind: str
    settings: dict
    seeds: list[int]
    ids: list[str]
    songs: list[str]
    units: list[str]
    genres: list[str | None]
    known_genres: list[str]
    x: np.ndarray
    n_features: int | list[int]
    condition: np.ndarray
    conditioned_on: str
    classes: list[str]
    groups: np.ndarray
    search: Callable[[np.ndarray | None], list[Neighbours]]
    device: str


def trained(task: Task, chosen: np.ndarray | None = None) -> tuple[nn.Module, pd.DataFrame]:
    """Train on all tracks or on the `chosen`, (tracks,) of bool; return network and history."""
    return _trained([task], chosen)


def encoded_together(tasks: Sequence[Task]) -> np.ndarray:
    """Train the networks of several tasks as one ensemble; return latents (seeds, tracks, latent).

    The tasks are alike but for their seeds and tracks, and have equally many tracks. Seeds are
    those of the first task, then those of the next.
    """
    network, _ = _trained(tasks)
    x, condition = (
        _stacked([getattr(task, name) for task in tasks], tasks) for name in ("x", "condition")
    )
    return loop.encode(network, x, condition).latent


def _trained(
    tasks: Sequence[Task], chosen: np.ndarray | None = None
) -> tuple[nn.Module, pd.DataFrame]:
    first, rows = tasks[0], slice(None) if chosen is None else chosen
    seeds, settings, labels = [seed for task in tasks for seed in task.seeds], first.settings, None
    if "labels" in settings:
        labels = np.concatenate([_labels(task, rows) for task in tasks])
        settings = settings | {"n_labels": len(first.known_genres)}
    pairs = [_pairs(task, np.array(task.songs)[rows], chosen) for task in tasks]
    network = loop.build(first.kind, first.n_features, len(first.classes), seeds, settings)
    x, condition, groups = (
        _stacked([getattr(task, name)[..., rows, :] for task in tasks], tasks)
        for name in ("x", "condition", "groups")
    )
    history = loop.train(
        network,
        *(x, condition, seeds, settings, first.device),
        groups=groups if groups.shape[-1] else None,
        labels=labels,
        pairs=None if pairs[0] is None else list(chain(*pairs)),
        units=np.array([np.array(task.units)[rows] for task in tasks for _ in task.seeds]),
    )
    return network, history


def _stacked(arrays: list[np.ndarray], tasks: Sequence[Task]) -> np.ndarray:
    """Return arrays of several tasks as one of (seeds, tracks, ...), that of a single as it is."""
    if len(arrays) == 1:
        return arrays[0]
    shapes = [
        (len(task.seeds), *array.shape[-2:]) for array, task in zip(arrays, tasks, strict=True)
    ]
    return np.concatenate([np.broadcast_to(*pair) for pair in zip(arrays, shapes, strict=True)])


def one_hot_of(
    label: str, tracks: pd.DataFrame, collection: pd.DataFrame
) -> tuple[np.ndarray, list[str]]:
    """Encode a label of tracks as (tracks, classes), and name its classes in their collection.

    NONE has no classes.
    """
    if label == NONE:
        return one_hot([None] * len(tracks), []), []
    classes = sorted(collection[label].dropna().unique())
    return one_hot(tracks[label].to_list(), classes), classes


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
        **({"n_labels": len(task.known_genres)} if "labels" in task.settings else {}),
        "device": task.device,
        "torch": torch.__version__,
    }


def _labels(task: Task, rows: slice | np.ndarray) -> np.ndarray | None:
    """Encode the genres that each seed is shown, if the network learns from genres."""
    if "labels" not in task.settings:
        return None
    units, genres = (np.array(part, dtype=object)[rows] for part in (task.units, task.genres))
    shares = [task.settings["labels"]] * len(task.seeds)
    labels = targets(units, genres, task.known_genres, shares, task.seeds)
    counts = labels.sum(axis=(1, 2)).astype(int)
    logger.info("shown the genres of %s of %d tracks, by seed", counts.tolist(), len(units))
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
