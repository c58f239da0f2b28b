"""Which graphs of neighbours a configuration needs, and which of them several jobs share.

A kind that needs neighbours names in a literal `GRAPH` its setting of how many; one that needs them
only with certain settings says which in `GRAPH_IF`, or False where these do not tell. Settings
`metric` and `balance`, if it has them, say which neighbours. A graph that one job needs is found by
that job; one that several need is a file, found once, with as many neighbours as any of them wants.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from hybridmusic import kinds
from hybridmusic.plan import run as configuration
from hybridmusic.studies.reduction import FAIR


class Key(NamedTuple):
    """One graph: of which space, by which metric, and with equally many neighbours of what."""

    space: str
    metric: str = "euclidean"
    balance: str = "none"

    @property
    def name(self) -> str:
        """The name of its file."""
        return ".".join(self)


# A graph, and how many neighbours are wanted of it.
Asked = tuple[Key, int]


def asked(family: str, kind: str, row: dict, space: str) -> Asked | None:
    """The graph of `space` that a kind surely needs as a row sets it, if any."""
    counted_by = kinds.declared(family, kind, "GRAPH")
    if counted_by is None:
        return None
    settings = kinds.settings(family, kind, row)
    only_if = kinds.declared(family, kind, "GRAPH_IF")
    if only_if is False or any(settings[name] != value for name, value in (only_if or {}).items()):
        return None
    which = {name: settings[name] for name in ("metric", "balance") if name in settings}
    return Key(space, **which), settings[counted_by]


def of_space(config: dict, name: str) -> Asked | None:
    """The graph that a space is made by, if any.

    Graphs of songs are none of a network's, which is handed every clip: it finds its own.
    """
    row, parents = configuration.spaces(config)[name], configuration.parents(config, name)
    family = configuration.family_of(row["kind"])
    of_songs = configuration.level(config, *parents) == configuration.SONG
    if not parents or (family == "networks" and of_songs):
        return None
    return asked(family, row["kind"], row, parents[0])


def of_method(row: dict) -> Asked | None:
    """The graph that a method clusters by, if any."""
    return asked("clusterers", row["clusterer"], row, row["space"])


def of_choice(space: str) -> Asked:
    """The graph of a space whose k is chosen, for the distances that DBSCAN's radius is told by."""
    return asked("clusterers", "dbscan", FAIR, space)


def of_reduction(config: dict, space: str) -> dict[Key, int]:
    """The graphs that reducing and clustering a space needs."""
    made = {
        kind: configuration.transformed(config, space, kind) for kind in configuration.REDUCTIONS
    }
    wanted = [
        asked("clusterers", kind, FAIR, name)
        for kind in config["reduction"]["clusterers"]
        for name in filter(None, [space, *made.values()])
    ]
    wanted += [asked("transforms", kind, {}, space) for kind, name in made.items() if not name]
    return _largest(wanted)


def shared(config: dict) -> dict[Key, int]:
    """The graphs that several jobs need, and how many neighbours any of these wants."""
    jobs = [of_space(config, name) for name in configuration.spaces(config)]
    jobs += [of_method(row) for row in config["methods"]]
    told = configuration.told_auto(config)
    chosen = dict.fromkeys(row["space"] for row in config["methods"] if row["name"] in told)
    jobs += [of_choice(space) for space in chosen]
    for space in config["reduction"]["spaces"]:
        jobs += of_reduction(config, space).items()
    keys = [key for key, _ in filter(None, jobs)]
    return {key: k for key, k in _largest(jobs).items() if keys.count(key) > 1}


def _largest(wanted: list[Asked | None]) -> dict[Key, int]:
    largest: dict[Key, int] = defaultdict(int)
    for key, k in filter(None, wanted):
        largest[key] = max(k, largest[key])
    return dict(largest)
