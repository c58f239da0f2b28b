"""Fitting every method again on halves of the tracks: its steps, and the tables that it reads."""

from __future__ import annotations

from collections.abc import Iterable

from hybridmusic import kinds
from hybridmusic.plan import spaces as facts
from hybridmusic.plan.inputs import Inputs, line
from hybridmusic.plan.paths import EMBEDDINGS, SENTENCES


class Refits:
    """Inputs and parameters of the rules that fit methods again and cut baselines."""

    def __init__(self, inputs: Inputs):
        self.inputs, self.config, plan = inputs, inputs.config, inputs.plan
        self.plan, self.rows = plan, plan.methods
        self.spaces = facts.ordered(self.config, [row["space"] for row in self.rows.values()])
        # Vectors of other models, which are not fitted to these tracks.
        self.given = [n for n in self.spaces if plan.kind(n) in ("external", "pretrained")]
        self.sets = sorted({s for name in self.spaces for s in plan.every[name].get("sets", [])})
        # One that finds its number of clusters cannot be cut at another method's.
        self.baselines = [
            n
            for n in self.config["statistics"]["baselines"]
            if n in self.rows and kinds.declared("clusterers", self.rows[n]["clusterer"], "NEEDS_K")
        ]
        read = {name for space in self.spaces for name in facts.reads(self.config, space)}
        paths = {"sentences": SENTENCES, "embeddings": EMBEDDINGS}
        self.tables = {name: path if name in read else [] for name, path in paths.items()}

    def steps(self, _) -> list[str]:
        """Every space of the methods, after its parents, as one line of text each."""
        return self.inputs.steps(self.spaces)

    def methods(self, _) -> list[str]:
        """Every method as one line of text."""
        return [self._method(name) for name in self.rows]

    def lines_of_baselines(self, _) -> list[str]:
        """Every baseline as one line of text."""
        return [self._method(name) for name in self.baselines]

    def modules(self) -> list[str]:
        """Return the modules that fitting every method again loads by name."""
        loaded = {module for name in self.spaces for module in self.plan.modules_of(name)}
        return sorted(loaded | set(self.clusterers(self.rows)))

    def clusterers(self, names: Iterable[str]) -> list[str]:
        """Return the modules of the clusterers of these methods."""
        return sorted({kinds.module("clusterers", self.rows[name]["clusterer"]) for name in names})

    @property
    def find_numbers(self) -> list[str]:
        """The methods whose number of clusters is not configured, if baselines can be cut at it."""
        free = [
            name
            for name, row in self.rows.items()
            if name in self.plan.auto_methods
            or not kinds.declared("clusterers", row["clusterer"], "NEEDS_K")
        ]
        return free if self.baselines else []

    @property
    def of_given(self) -> list[str]:
        """The methods on vectors of other models, or on what is made from such vectors."""
        return [
            name
            for name, row in self.rows.items()
            if {*facts.lineage(self.config, row["space"])} & {*self.given}
        ]

    def _method(self, name: str) -> str:
        row = self.rows[name]
        return line(
            {
                **{"name": name, "space": row["space"], "clusterer": row["clusterer"]},
                "random": kinds.declared("clusterers", row["clusterer"], "RANDOM"),
                "level": self.plan.level(row["space"]),
                "settings": self.plan.settings_of_method(name),
            }
        )
