"""Graphs of neighbours that a plan needs, and which of them several jobs share.

A kind that needs neighbours names in a literal `GRAPH` its setting of how many; one that needs them
only with certain settings declares these in `GRAPH_IF`, or False where its settings do not decide.
Settings `metric` and `balance`, if it has them, choose the neighbours. A graph that one job needs
is found by that job; one that several need is a file, found once, with as many neighbours as any of
them needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from hybridmusic import kinds
from hybridmusic.plan import spaces as facts
from hybridmusic.terms import SONG


class Key(NamedTuple):
    """A graph: its space, its metric, and the column that neighbours are balanced over."""

    space: str
    metric: str = "euclidean"
    balance: str = "none"

    @property
    def name(self) -> str:
        """The name of its file."""
        return ".".join(self)


# A graph, and how many neighbours of it are needed.
Need = tuple[Key, int]


def need(family: str, kind: str, row: dict, space: str) -> Need | None:
    """Return the graph of `space` that a kind surely needs as a row sets it, if any."""
    count = kinds.declared(family, kind, "GRAPH")
    if count is None:
        return None
    settings = kinds.settings(family, kind, row)
    only_if = kinds.declared(family, kind, "GRAPH_IF")
    if only_if is False or any(settings[name] != value for name, value in (only_if or {}).items()):
        return None
    choice = {name: settings[name] for name in ("metric", "balance") if name in settings}
    return Key(space, **choice), settings[count]


def of_space(config: dict, name: str) -> Need | None:
    """Return the graph that a space is made by, if any.

    A network is given every clip, so it finds graphs of songs by itself.
    """
    row, parents = facts.spaces(config)[name], facts.parents(config, name)
    family = facts.family_of(row["kind"])
    of_songs = facts.level(config, *parents) == SONG
    if not parents or (family == "networks" and of_songs):
        return None
    return need(family, row["kind"], row, parents[0])


def of_method(row: dict) -> Need | None:
    """Return the graph that a method clusters by, if any."""
    return need("clusterers", row["clusterer"], row, row["space"])


def of_choice(space: str) -> Need:
    """Return the graph of a space whose k is chosen: DBSCAN's radius comes from its distances."""
    return need("clusterers", "dbscan", kinds.FAIR, space)


def of_reduction(config: dict, space: str) -> dict[Key, int]:
    """Return the graphs that reducing and clustering a space needs."""
    made = facts.reductions(config, space)
    needs = [
        need("clusterers", kind, kinds.FAIR, name)
        for kind in config["reduction"]["clusterers"]
        for name in (space, *made.values())
    ]
    needs += [need("transforms", kind, {}, space) for kind in facts.REDUCTIONS if kind not in made]
    return _largest(needs)


def shared(jobs: Iterable[Need | None]) -> dict[Key, int]:
    """Return the graphs that several of `jobs` need, and how many neighbours any of these needs."""
    jobs = list(filter(None, jobs))
    counts = Counter(key for key, _ in jobs)
    return {key: k for key, k in _largest(jobs).items() if counts[key] > 1}


def _largest(needs: Iterable[Need | None]) -> dict[Key, int]:
    largest: dict[Key, int] = {}
    for key, k in filter(None, needs):
        largest[key] = max(k, largest.get(key, 0))
    return largest
