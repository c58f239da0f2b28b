"""Which track is to lie near which: pairs for networks that learn by contrast."""

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
    """Draws a partner for every track: a nearest neighbour, another clip of its song, or either.

    `nearest` is (tracks, k). `order` has the tracks sorted by song; a track's song begins there at
    `start` and has `size` clips, of which the track is the one at `place`.
    """

    kind: str
    nearest: Tensor
    order: Tensor
    start: Tensor
    size: Tensor
    place: Tensor

    def draw(self, generator: torch.Generator) -> Tensor:
        """One partner for every track, (tracks,), each of those possible equally often.

        With both kinds, a fair coin decides for each track. A track that is the only clip of its
        song gets a neighbour.
        """
        n, k = self.nearest.shape
        which, step, coin = torch.rand(3, n, generator=generator)
        neighbour = self.nearest.gather(1, _up_to(which, k).unsqueeze(1)).squeeze(1)
        if self.kind == "neighbours":
            return neighbour
        further = 1 + _up_to(step, (self.size - 1).clamp(min=1))
        sibling = self.order[self.start + (self.place + further) % self.size]
        wanted = self.size > 1
        if self.kind == "both":
            wanted = wanted & (coin < 0.5)
        return torch.where(wanted, sibling, neighbour)


def positives(kind: str, nearest: np.ndarray, songs: list[str]) -> Positives:
    """The partners that tracks can have, by one of KINDS.

    `nearest` is (tracks, k), the rows of each track's nearest others, and `songs` (tracks,).
    Raises InputError where a track has no others.
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
    """Whole numbers from 0 to n - 1 by uniform ones below 1."""
    return (uniform * n).long().clamp(max=n - 1)
