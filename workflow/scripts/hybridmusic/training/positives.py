"""Draw positive pairs: tracks that contrastive networks learn to place near each other."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from hybridmusic.errors import InputError

logger = logging.getLogger(__name__)

KINDS = ("neighbours", "song", "both")


@dataclass(frozen=True)
class Positives:
    """Possible partners of every track: nearest neighbours, other clips of its song, or both.

    Parameters
    ----------
    kind : one of KINDS
    nearest : (tracks, k), rows of neighbours
    order : (tracks,), rows sorted by song
    start, size : (tracks,), where a track's song begins in `order`, and its number of clips
    place : (tracks,), position of the track in its song
    """

    kind: str
    nearest: Tensor
    order: Tensor
    start: Tensor
    size: Tensor
    place: Tensor

    def draw(self, generator: torch.Generator) -> Tensor:
        """Draw a partner for every track, (tracks,), each possible one with the same probability.

        With both kinds, a fair coin decides for each track. The only clip of a song gets a
        neighbour.
        """
        n, k = self.nearest.shape
        column, step, coin = torch.rand(3, n, generator=generator)
        neighbour = self.nearest.gather(1, _up_to(column, k).unsqueeze(1)).squeeze(1)
        if self.kind == "neighbours":
            return neighbour
        further = 1 + _up_to(step, (self.size - 1).clamp(min=1))
        sibling = self.order[self.start + (self.place + further) % self.size]
        takes_sibling = self.size > 1
        if self.kind == "both":
            takes_sibling = takes_sibling & (coin < 0.5)
        return torch.where(takes_sibling, sibling, neighbour)


def positives(kind: str, nearest: np.ndarray, songs: list[str]) -> Positives:
    """List the possible partners of tracks.

    Parameters
    ----------
    kind : one of KINDS
    nearest : (tracks, k), rows of the nearest other tracks
    songs : (tracks,)

    Raises
    ------
    InputError : there is only one track
    """
    if not nearest.shape[1]:
        raise InputError("neighbours need at least two tracks, and there is one")
    song = np.unique(songs, return_inverse=True)[1]
    order = np.argsort(song, kind="stable")
    sizes = np.bincount(song)
    start, size = (np.cumsum(sizes) - sizes)[song], sizes[song]
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    if kind != "neighbours" and (alone := int((size == 1).sum())):
        logger.warning(
            "%d of %d tracks are the only clip of their song: their positives are neighbours",
            alone,
            len(size),
        )
    indices = (nearest, order, start, size, place - start)
    return Positives(kind, *(torch.as_tensor(index, dtype=torch.long) for index in indices))


def _up_to(uniform: Tensor, n: int | Tensor) -> Tensor:
    """Turn uniform numbers below 1 into whole numbers from 0 to n - 1."""
    return (uniform * n).long().clamp(max=n - 1)
