"""The plan of a run: which results a configuration requests, and what these need."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cached_property

from hybridmusic import kinds
from hybridmusic.plan import graphs, words
from hybridmusic.plan import spaces as facts
from hybridmusic.plan.graphs import Key
from hybridmusic.terms import AUTO, DECLARED, GENRE, GENRES, LANGUAGE

# Tables of scores: the name of their files and the kind of table.
TABLES = {"table2": "scores", "agreement": "agreement", "internal": "internal"}
# Tables whose verdicts the summary has, in its order; further studies follow.
SUMMARISED = (
    *("agreement_genres", "internal", "language", "reduction", "reconstruction", "tuning"),
    *("few_labels", "text_block", "leaderboard", "probes", "subsets", "associations"),
    *("choosing_k", "audit"),
)
UNSUMMARISED = ("comparison", "disentanglement")


class Plan:
    """The results that a configuration requests, and the spaces, seeds and graphs these need.

    What cannot be made, because parts of it are not configured, is left out with a sentence in
    `left_out`. Nothing else is left out, and nothing is planned that no result needs.

    Parameters
    ----------
    config : a whole configuration that passed `plan.checks.check`
    sound : whether a source has sound; feature tables alone cannot make every space
    """

    def __init__(self, config: dict, *, sound: bool = True):
        self.left_out: list[str] = []
        config = config | {"methods": config["baselines"] + config["methods"], "baselines": []}
        self.config = config = config if sound else self._without_sound(config)
        self.results = f"results/{config['run']}"
        self.sound = sound
        self.seeds = list(range(config["seed"], config["seed"] + config["seeds"]))
        # Every configured space; `spaces` are those that some result needs.
        self.every = facts.spaces(config)
        self.methods = {
            row["name"]: row | {"label": facts.label(config, row)} for row in config["methods"]
        }
        self.k = facts.table_k(config)
        self.reference = self._reference()
        self.reduced = [name for name in config["reduction"]["spaces"] if name in self.every]
        self.panels = self._panels()
        self.shown_networks = self._shown_networks()
        self.distribution = self._distribution()
        self.studies = [name for name in config["studies"] if self._can_study(name)]

    # Results: what is requested, as far as it can be made.

    def _leave_out(self, what: str, why: str) -> None:
        self.left_out.append(f"Left out: {what}, because {why}.")

    def _without_sound(self, config: dict) -> dict:
        silent = facts.needing_sound(config)
        if silent:
            self._leave_out(f"the spaces {', '.join(silent)}", "no source has sound")
        return config | {
            "spaces": config["spaces"] | dict.fromkeys(silent),
            "methods": [row for row in config["methods"] if row["space"] not in silent],
            "show": [name for name in config["show"] if name not in silent],
        }

    def _reference(self) -> str | None:
        """Return the space of Table 2's internal scores, or None for each method's own."""
        name = self.config["reference"]
        if name is not None and name not in self.every:
            self._leave_out(
                f"internal scores in the space {name}",
                "it is switched off: Table 2 has those in each method's own space",
            )
            return None
        return name

    def _panels(self) -> list[dict]:
        """Return the panels of Figure 1 whose map and colour are configured."""
        colours = [*self.methods, LANGUAGE, GENRE]
        panels, absent = [], {}
        for panel in self.config["figures"]["umap_panel"]:
            if panel["map"] not in self.every:
                absent[panel["title"]] = _absent("space", panel["map"], self.every)
            elif panel["colour"] not in colours:
                absent[panel["title"]] = _absent("method", panel["colour"], colours)
            else:
                panels.append(panel)
        if absent:
            what = f"panels of figures.umap_panel ({', '.join(map(repr, absent))})"
            self._leave_out(what, "; ".join(dict.fromkeys(absent.values())))
        return panels

    def _shown_networks(self) -> list[str]:
        """Return the networks of Figure 2 that are configured."""
        figure = self.config["figures"]["reconstructions"]
        names = figure["networks"] if figure else []
        for name in names:
            if name not in self.every:
                what = f"{name} of figures.reconstructions"
                self._leave_out(what, _absent("space", name, self.every))
        return [name for name in names if name in self.every]

    def _distribution(self) -> dict | None:
        """Return the settings of Figure 3, if its method is configured."""
        figure = self.config["figures"]["genre_distribution"]
        if figure and figure["method"] not in self.methods:
            why = _absent("method", figure["method"], self.methods)
            self._leave_out("figures.genre_distribution", why)
            return None
        return figure

    def _can_study(self, study: str) -> bool:
        """Whether the parts of a study are configured; if not, it is left out."""
        why = None
        if study in ("language", "subsets", "comparison") and not self.methods:
            why = "no method is configured"
        elif study in ("reconstruction", "disentanglement") and not self.networks:
            why = "no result needs a network"
        elif study == "reduction" and not self.reduced:
            why = "none of reduction.spaces is configured"
        elif study in ("tuning", "few_labels") and not self._space_of(study):
            name = self.config[study]["space"]
            # Without a name or, for `choosing_k`, without `auto`, nothing is requested.
            if name is None:
                return False
            why = f"{study}.space, {name}, is switched off"
        elif study == "choosing_k" and not self.auto_methods:
            return False
        if why:
            self._leave_out(f"the study {study}", why)
        return not why

    def _space_of(self, study: str) -> list[str]:
        """Return the space that a study of one space is of, if it is configured."""
        name = self.config[study]["space"]
        return [name] if name in self.every else []

    @property
    def tables(self) -> dict[str, tuple[str, int | str]]:
        """Kind of table and number of clusters of every table of scores, by its file's name."""
        return {
            name + ending: (kind, k)
            for name, kind in TABLES.items()
            for ending, k in (("", self.k), ("_genres", GENRES))
            if self.methods
        }

    @property
    def requested_tables(self) -> list[str]:
        """The tables of scores that are requested, by the names of their files."""
        return [
            name for name in self.tables if name.removesuffix("_genres") in self.config["tables"]
        ]

    @property
    def summarised(self) -> list[str]:
        """The tables whose verdicts are in the summary, in its order."""
        made = [*self.requested_tables, *self.studies]
        others = [name for name in self.studies if name not in (*SUMMARISED, *UNSUMMARISED)]
        return [name for name in SUMMARISED if name in made] + others

    @property
    def to_open(self) -> dict[str, str]:
        """The files that a person opens first, by what they are, whether they exist or not."""
        batch = f"{self.results}/assign/{self.config['assign']['name']}"
        return {
            "Summary": f"{self.results}/summary.md",
            "Table 2": f"{self.results}/tables/table2.md",
            "Figures": f"{self.results}/figures/umap_panel.png",
            "Explorer": f"{self.results}/explorer/index.html",
        } | (
            {"New songs": f"{batch}.csv", "Rejected": f"{batch}.rejected.csv"}
            if self.config["assign"]["path"] is not None
            else {}
        )

    # Spaces, and what is known about them from the configuration.

    @cached_property
    def spaces(self) -> dict[str, dict]:
        """The spaces that some result needs, in the order of the configuration."""
        needed = set(facts.ordered(self.config, self._requested()))
        return {name: row for name, row in self.every.items() if name in needed}

    def _requested(self) -> Iterator[str]:
        yield from self.config["show"]
        yield from (panel["map"] for panel in self.panels)
        yield from self.shown_networks
        yield from self._numbered()

    def _numbered(self) -> Iterator[str]:
        """Yield the spaces that numbers are taken from: these need every seed."""
        yield from (row["space"] for row in self.methods.values())
        if self.reference and self.methods:
            yield self.reference
        studies = self.config["studies"]
        if "reduction" in studies:
            for space in self.reduced:
                yield from (space, *facts.reductions(self.config, space).values())
        for study in ("tuning", "few_labels"):
            if study in studies:
                yield from self._space_of(study)
        if "subsets" in studies and self.methods:
            yield from filter(None, [self._mfcc()])

    @cached_property
    def repeated(self) -> set[str]:
        """The spaces that are made for every seed; of the others, maps, one seed is shown."""
        return set(facts.ordered(self.config, [*self._numbered(), *self.networks]))

    def _family(self, family: str) -> list[str]:
        return [name for name in facts.names_of(self.config, family) if name in self.spaces]

    @property
    def blocks(self) -> list[str]:
        """The blocks that some result needs."""
        return self._family("blocks")

    @property
    def networks(self) -> list[str]:
        """The networks that some result needs."""
        return self._family("networks")

    def is_fusion(self, name: str) -> bool:
        """Whether a space is made from a list of spaces."""
        return isinstance(self.every[name].get("of"), list)

    def _mfcc(self) -> str | None:
        return next((name for name, row in self.every.items() if row["kind"] == "mfcc"), None)

    @property
    def sound_space(self) -> str:
        """The space in which near duplicates are close: the first of MFCCs, or the first block."""
        return self._mfcc() or next(iter([*self.blocks, *self.every]))

    def kind(self, space: str) -> str:
        """Return the kind of a space."""
        return self.every[space]["kind"]

    def family(self, space: str) -> str:
        """Return the family of a space's kind."""
        return facts.family_of(self.kind(space))

    def modules_of(self, space: str) -> list[str]:
        """Return the modules that making a space loads by name."""
        sets = self.every[space].get("sets", [])
        module = kinds.module(self.family(space), self.kind(space))
        return [module, *(kinds.module("descriptors", name) for name in sets)]

    @property
    def modules_of_scaling(self) -> list[str]:
        """The modules that make the spaces that use languages only to scale within each."""
        scaled = [name for name in self.spaces if facts.scaling(self.config, name)]
        return sorted({module for name in scaled for module in self.modules_of(name)})

    def parents(self, space: str) -> list[str]:
        """Return the spaces that a space is made from."""
        return facts.parents(self.config, space)

    def level(self, space: str) -> str:
        """Return the row level of a space."""
        return facts.level(self.config, space)

    def level_of_parents(self, space: str) -> str:
        """Return the row level of what a space is made from."""
        return facts.level(self.config, *self.parents(space))

    def condition(self, space: str) -> str:
        """Return which label or outside data influenced a space."""
        return facts.condition(self.config, space)

    def of_spaces(self, *columns: str) -> dict[str, list]:
        """Return the names of the needed spaces, and these facts about them, by column."""
        facts_of = {
            "parents": lambda name: " ".join(self.parents(name)),
            "levels": self.level,
            "conditions": self.condition,
            "labels_used": lambda name: " ".join(sorted(facts.labels_used(self.config, name))),
            "scalings": lambda name: json.dumps(facts.scaling(self.config, name)),
        }
        return {"spaces": list(self.spaces)} | {
            column: [facts_of[column](name) for name in self.spaces] for column in columns
        }

    @property
    def audio_models(self) -> dict[str, str]:
        """The pretrained audio models of the configured spaces, by space."""
        return {n: row["model"] for n, row in self.every.items() if row["kind"] == "pretrained"}

    # Methods.

    @property
    def auto_methods(self) -> list[str]:
        """The methods whose number of clusters is chosen for their space."""
        return [
            name
            for name, row in self.methods.items()
            if AUTO in self.config["k"]
            and kinds.declared("clusterers", row["clusterer"], "NEEDS_K")
        ]

    @property
    def chosen(self) -> list[str]:
        """The spaces whose number of clusters is chosen."""
        return list(dict.fromkeys(self.methods[name]["space"] for name in self.auto_methods))

    def condition_of_method(self, name: str) -> str:
        """Return which label or outside data influenced a method or its space."""
        row = self.methods[name]
        return facts.condition(self.config, row["space"], then=[row])

    def settings_of_method(self, name: str) -> dict:
        """Return the settings of a method's clusterer, completed by defaults."""
        row = {"exact_up_to": self.config["exact_up_to"]} | self.methods[name]
        return kinds.settings("clusterers", row["clusterer"], row)

    def of_methods(self, *columns: str, names: Iterable[str] | None = None) -> dict[str, list]:
        """Return the names of methods, all by default, and these facts about them, by column."""
        names = list(self.methods if names is None else names)
        rows = {name: self.methods[name] for name in names}
        facts_of = {
            "labels": lambda name: rows[name]["label"],
            "tasks": lambda name: rows[name]["task"],
            "spaces_of": lambda name: rows[name]["space"],
            "clusterers": lambda name: rows[name]["clusterer"],
            "levels": lambda name: self.level(rows[name]["space"]),
            "conditions": self.condition_of_method,
            "adjectives": lambda name: facts.adjectives(
                self.config, rows[name]["space"], then=[rows[name]]
            ),
            "learned": lambda name: facts.has_network(self.config, rows[name]["space"]),
        }
        return {"methods": names} | {
            column: [facts_of[column](name) for name in names] for column in columns
        }

    @property
    def vaes(self) -> list[str]:
        """The methods on a space that a VAE made, or that is made from one."""
        return [n for n, row in self.methods.items() if facts.has_vae(self.config, row["space"])]

    @property
    def measured(self) -> list[str]:
        """The spaces that internal scores are measured in."""
        own = [row["space"] for row in self.methods.values()]
        return list(dict.fromkeys([*filter(None, [self.reference]), *own]))

    # Figures and studies.

    @property
    def maps(self) -> list[str]:
        """The spaces that panels of Figure 1 show."""
        return list(dict.fromkeys(panel["map"] for panel in self.panels))

    @property
    def colours(self) -> list[str]:
        """The methods whose clusters colour panels of Figure 1."""
        colours = (panel["colour"] for panel in self.panels)
        return list(dict.fromkeys(name for name in colours if name in self.methods))

    def of_panels(self) -> dict[str, list]:
        """Return title, map, colour and condition of every panel of Figure 1, by column."""
        columns = {name: [] for name in ("titles", "maps", "colours", "conditions")}
        for panel in self.panels:
            method = self.methods.get(panel["colour"])
            spaces = [panel["map"], *([method["space"]] if method else [])]
            row = facts.condition(self.config, *spaces, then=[method] if method else [])
            values = (panel["title"], panel["map"], panel["colour"], row)
            for column, value in zip(columns.values(), values, strict=True):
                column.append(value)
        return columns

    def label_of_network(self, name: str) -> str:
        """Return the label of the first method on a network's space, or the network's name."""
        labels = (row["label"] for row in self.methods.values() if row["space"] == name)
        return next(labels, name)

    def beta(self, network: str) -> float | None:
        """Return the beta of a network, or None if its kind has none."""
        return facts.settings(self.config, network).get("beta")

    # Graphs of neighbours.

    @cached_property
    def graphs(self) -> dict[str, tuple[Key, int]]:
        """The graphs that several jobs need, by the names of their files."""
        jobs = [graphs.of_space(self.config, name) for name in self.spaces]
        jobs += [graphs.of_method(row) for row in self.methods.values()]
        jobs += [graphs.of_choice(space) for space in self.chosen]
        if "reduction" in self.studies:
            for space in self.reduced:
                jobs += graphs.of_reduction(self.config, space).items()
        return {key.name: (key, k) for key, k in graphs.shared(jobs).items()}

    def exact_up_to(self, family: str, kind: str) -> int | None:
        """Return the limit of exact searches if a kind searches neighbours, else None."""
        searches = kinds.declared(family, kind, "GRAPH") is not None
        return self.config["exact_up_to"] if searches else None


def _absent(noun: str, name: str, known: Iterable[str]) -> str:
    return f"no {noun} {name!r} is configured{words.guess(name, known)}"


def claim(condition: str) -> str:
    """Return the label that a condition declares: supervised training declares genre."""
    return DECLARED.get(condition, condition)


def one_of(names: Iterable[str]) -> str:
    """Return a wildcard constraint that allows these names alone."""
    return "|".join(names) or "(?!)"
