"""Members of a space: its vectors by seed, one member per seed, or one alone without randomness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

from hybridmusic.errors import InputError

T = TypeVar("T")


def first(members: Mapping[int, T]) -> T:
    """Return the member of the first seed."""
    return next(iter(members.values()))


def member(members: Mapping[int, T], seed: int | None) -> T:
    """Return the member of a seed, or the first one where the seed has none."""
    return members[seed] if seed in members else first(members)


def seeds_of(sources: Sequence[Mapping], random: bool, seeds: Sequence[int]) -> list[int]:
    """Return the seeds that a result needs: all if it or a source is random, else the first.

    Parameters
    ----------
    sources : members of each space that the result is made from
    random : whether making the result is random itself
    seeds : of the run
    """
    return list(seeds) if random or any(len(s) > 1 for s in sources) else list(seeds)[:1]


def common(
    spaces: Sequence[tuple[list[str], Mapping[int, np.ndarray]]],
) -> tuple[list[str], list[dict[int, np.ndarray]]]:
    """Return the ids that all of several spaces have, in order, and the members for these ids."""
    shared = set(spaces[0][0]).intersection(*(ids for ids, _ in spaces))
    ids = [track for track in spaces[0][0] if track in shared]
    rows = [pd.Index(names).get_indexer(ids) for names, _ in spaces]
    return ids, [
        {seed: x[chosen] for seed, x in members.items()}
        for chosen, (_, members) in zip(rows, spaces, strict=True)
    ]


def vectors_of(
    ids: Sequence[str], space: tuple[list[str], Mapping[int, np.ndarray]], seed: int | None = None
) -> np.ndarray:
    """Return the vectors (tracks, d) of some tracks in a space.

    Parameters
    ----------
    ids : of the tracks
    space : ids and members, as `job.read_space` returns them
    seed : whose member; by default the first

    Raises
    ------
    InputError : the space lacks one of the tracks
    """
    names, members = space
    rows = pd.Index(names).get_indexer(ids)
    lacking = [name for name, row in zip(ids, rows, strict=True) if row < 0]
    if lacking:
        raise InputError(
            f"a space to measure in lacks {len(lacking)} of the tracks that were clustered, such "
            f"as {lacking[0]!r}: make it from spaces that have all tracks"
        )
    return member(members, seed)[rows]
