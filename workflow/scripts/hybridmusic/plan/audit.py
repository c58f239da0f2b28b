"""Steps of a run that the label audit computes again with shuffled genres."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hybridmusic import kinds
from hybridmusic.plan import graphs, paths
from hybridmusic.plan import spaces as facts
from hybridmusic.plan.inputs import Inputs, line
from hybridmusic.plan.run import claim

SENTENCES = ("sentences", "sentences")


class Audit:
    """Steps whose result must not depend on genre unless they declare it.

    A step has `noun` and `name`, the `family` and `kind` of what computes it, its `settings`, the
    steps that it is made `of`, the condition that it `claims`, and whether it `sees` the catalogue.
    """

    def __init__(self, inputs: Inputs):
        self.inputs, self.plan, self.config = inputs, inputs.plan, inputs.config
        self.steps = [
            self._sentences(),
            *self._spaces(),
            *self._graphs(),
            *self._choices(),
            *self._clusterings(),
        ]

    def lines(self, _) -> list[str]:
        """Every step as one line of text."""
        return [line(step) for step in self.steps]

    def modules(self) -> list[str]:
        """Return the modules that computing every step again loads by name."""
        loaded = {(step["family"], step["kind"]) for step in self.steps if step["kind"]}
        return sorted(kinds.module(family, kind) for family, kind in loaded)

    def made(self, _) -> list[str]:
        """Return the files that the steps made in the run, in their order."""
        places = {
            "sentences": paths.SENTENCES,
            "space": paths.SPACE,
            "graph": paths.GRAPH,
            "choice of k": paths.CHOICE,
            "clustering": paths.CLUSTERING,
        }
        return [re.sub(r"{\w+}", step["name"], places[step["noun"]]) for step in self.steps]

    def _sentences(self) -> dict:
        noun, name = SENTENCES
        settings = ("thresholds", "wording", "descriptors")
        return {
            **{"noun": noun, "name": name, "family": "sentences", "kind": ""},
            **{"sees": True, "claims": "none", "of": []},
            "settings": {setting: self.config["text"][setting] for setting in settings},
        }

    def _spaces(self) -> Iterator[dict]:
        for name in self.plan.spaces:
            kind = self.plan.kind(name)
            yield {
                **{"noun": "space", "name": name, "family": facts.family_of(kind), "kind": kind},
                "sees": self.inputs.reads_catalogue(name),
                "level": self.plan.level_of_parents(name),
                "claims": claim(self.plan.condition(name)),
                "of": [["space", parent] for parent in self.plan.parents(name)]
                + [list(SENTENCES)] * ("sentences" in facts.reads(self.config, name))
                + self._graph(graphs.of_space(self.config, name)),
                "settings": facts.settings(self.config, name),
            }

    def _graphs(self) -> Iterator[dict]:
        for name, (key, k) in self.plan.graphs.items():
            balance = {"balance": key.balance}
            yield {
                **{"noun": "graph", "name": name, "family": "neighbours", "kind": ""},
                "sees": self.inputs.graph_reads_catalogue(name),
                "level": self.plan.level(key.space),
                "claims": facts.condition(self.config, key.space, then=[balance]),
                "of": [["space", key.space]],
                "settings": {"metric": key.metric, "neighbours": k, **balance},
            }

    def _choices(self) -> Iterator[dict]:
        for space in self.plan.chosen:
            yield {
                **{"noun": "choice of k", "name": space, "family": "choosing_k", "kind": ""},
                **{"sees": True, "claims": claim(self.plan.condition(space))},
                "of": [["space", space], *self._graph(graphs.of_choice(space))],
                "level": self.plan.level(space),
                "settings": self.config["choosing_k"],
            }

    def _clusterings(self) -> Iterator[dict]:
        for name, row in self.plan.methods.items():
            yield {
                **{"noun": "clustering", "name": name, "family": "clusterers"},
                **{"kind": row["clusterer"], "sees": True},
                "claims": claim(self.plan.condition_of_method(name)),
                "of": [["space", row["space"]]]
                + [["choice of k", row["space"]]] * (name in self.plan.auto_methods)
                + self._graph(graphs.of_method(row)),
                "level": self.plan.level(row["space"]),
                "settings": self.plan.settings_of_method(name),
            }

    def _graph(self, need: graphs.Need | None) -> list[list[str]]:
        """Return the step that finds a graph, if it is a file and not found by each job."""
        return [["graph", need[0].name]] if self.inputs.path_of_graph(need) else []
