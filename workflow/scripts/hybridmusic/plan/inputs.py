"""Inputs and parameters of rules, as functions of their wildcards."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

from hybridmusic import kinds
from hybridmusic.errors import ConfigError
from hybridmusic.plan import checks, graphs
from hybridmusic.plan import spaces as facts
from hybridmusic.plan.paths import (
    CATALOGUE,
    CHOICE,
    DESCRIPTORS,
    EMBEDDED,
    FEATURES,
    FETCHED,
    GRAPH,
    SPACE,
    SYNTHESISED,
)
from hybridmusic.plan.run import Plan
from hybridmusic.terms import NONE, SONG
from hybridmusic.tracks import files

# Titles of tables of scores by kind, and the inputs that each kind reads.
TITLES = {
    "scores": "Clustering metrics across methods and tasks",
    "agreement": "Agreement with genre, its uncertainty and its chance level",
    "internal": "Internal scores by the space they are measured in",
}
READ = {
    "scores": ("scores", "uncertainty"),
    "agreement": ("uncertainty", "stability"),
    "internal": ("scores", "uncertainty", "spaces", "clusterings"),
}

# What features are compared with; version 1 needs Python 3.12.
LIBROSA = "librosa>=0.11,<1"


def line(settings: dict) -> str:
    """Return settings as one line of text, for Snakemake compares parameters as text."""
    return json.dumps(settings, sort_keys=True)


def is_on_hub(model: str) -> bool:
    """Whether a model has to be fetched: it is neither bundled nor a folder of this machine."""
    return checks.is_hub_name(model) and not Path(model).is_dir()


def record_of_audio_model(model: str) -> str:
    """Return the path of the record of a model on the hub, which is written once it is fetched."""
    return f"resources/audio_models/{slug(model)}.json"


def slug(model: str) -> str:
    """Return the name of a hub's model as the name of one file."""
    return model.replace("/", "--")


class Inputs:
    """Input and parameter functions of the rules that make a run."""

    def __init__(self, plan: Plan):
        self.plan, self.config = plan, plan.config
        model = self.config["text"]["model"]
        self.text_model_record = (
            [f"resources/text_models/{slug(model)}.json"] if is_on_hub(model) else []
        )
        self.culture = (
            [DESCRIPTORS.replace("{set}", "culture")] if checks.cultural(self.config) else []
        )

    # Sources.

    def sources(self, _) -> list[str]:
        """Each source as one line of text, with the path of its data set."""
        paths = SYNTHESISED | FETCHED
        return [
            line({"path": paths.get(source.get("dataset"))} | source)
            for source in self.config["sources"]
        ]

    def datasets(self, _) -> list[str]:
        """Return the folders or records of data sets that rules make before sources are listed."""
        names = [source["dataset"] for source in self.config["sources"] if "dataset" in source]
        return [
            SYNTHESISED[name] if name in SYNTHESISED else f"{FETCHED[name]}.json" for name in names
        ]

    def digests(self, _) -> list[str]:
        """Fingerprints of the sources' files: a folder as input would not show a new file."""
        paths = [source["path"] for source in self.config["sources"] if "path" in source]
        metadata = filter(None, map(files.metadata_path, self.config["sources"]))
        return [*map(files.digest, paths), *(files.content(path) or "" for path in metadata)]

    def digest_of_model(self, wildcards) -> str:
        """Fingerprint of an audio model's folder, which as input would not show new weights."""
        return files.digest_of(files.walk(Path(self.plan.audio_models[wildcards.space])))

    def factors(self, factors: str) -> list[str]:
        """Return the factors of synthesised clips, if the sources have no other clips."""
        made = [source.get("dataset") in SYNTHESISED for source in self.config["sources"]]
        return [factors] if all(made) else []

    def downloads(self, _) -> list[str]:
        """Return the records of everything that is fetched over a network."""
        names = [source.get("dataset") for source in self.config["sources"]]
        models = {self.plan.audio_models[name] for name in self.needed_audio_models()}
        return [
            *(f"{FETCHED[name]}.json" for name in names if name in FETCHED),
            *self.text_model_record,
            *sorted(record_of_audio_model(model) for model in models if is_on_hub(model)),
        ]

    def needed_audio_models(self) -> list[str]:
        """Return the needed spaces that pretrained audio models make."""
        return [name for name in self.plan.audio_models if name in self.plan.spaces]

    # Features.

    def features_to_check(self, *, with_conda: bool) -> Callable:
        """Return the function of the features that are compared with librosa's.

        It raises ConfigError where librosa is missing, unless conda brings it or the comparison is
        done, and where the run has no sound.
        """

        def features(_) -> str:
            if not self.plan.sound:
                raise ConfigError(
                    "check_features has librosa describe clips, and no source of the run has "
                    "sound: name a folder, a glob or a manifest of sound files in `sources`"
                )
            done = Path(self.plan.results, "tables", "check_features.csv").exists()
            if not with_conda and not done and importlib.util.find_spec("librosa") is None:
                raise ConfigError(
                    "check_features needs librosa, which nothing else of the workflow does: "
                    f"install it by `python -m pip install '{LIBROSA}'`, or call snakemake with "
                    "--sdm conda"
                )
            return FEATURES

        return features

    # Blocks.

    def table(self, name: str) -> Callable:
        """Return the function of a block's input `<results>/<name>.parquet`, if it reads that."""

        def path(wildcards) -> str | list:
            reads = facts.reads(self.config, wildcards.space)
            return f"<results>/{name}.parquet" if name in reads else []

        return path

    def descriptors(self, wildcards) -> list[str]:
        """Return the sets of descriptors that a block is made of."""
        sets = self.plan.every[wildcards.space].get("sets", [])
        return [DESCRIPTORS.replace("{set}", name) for name in sets]

    def vectors(self, wildcards) -> str | list:
        """Return the file of vectors that a block takes from outside."""
        return self.plan.every[wildcards.space].get("path", [])

    def clips(self, wildcards) -> list[str]:
        """Return the shards of embedded clips that a block is made of."""
        if wildcards.space not in self.plan.audio_models:
            return []
        path = EMBEDDED.replace("{space}", wildcards.space)
        return [
            path.replace("{shard}", str(shard)) for shard in range(self.config["audio"]["shards"])
        ]

    def audio_model(self, wildcards) -> str | list:
        """Return the record of a space's audio model, if it has to be fetched."""
        model = self.plan.audio_models[wildcards.space]
        return record_of_audio_model(model) if is_on_hub(model) else []

    def named_audio_model(self, wildcards) -> str:
        """Return the audio model whose record is asked for."""
        models = self.plan.audio_models.values()
        return next(model for model in models if slug(model) == wildcards.model)

    # Spaces.

    def parents(self, wildcards) -> list[str]:
        """Return the spaces that a space is made from."""
        return [SPACE.replace("{space}", name) for name in self.plan.parents(wildcards.space)]

    def settings(self, wildcards) -> str:
        """Return the settings of a space, completed by defaults."""
        return line(facts.settings(self.config, wildcards.space))

    def steps(self, names: list[str]) -> list[str]:
        """Return how each of these spaces is made, as one line of text each."""
        return [
            line(
                {
                    **{"name": name, "family": self.plan.family(name)},
                    **{"kind": self.plan.kind(name), "of": self.plan.parents(name)},
                    "level": self.plan.level_of_parents(name),
                    "settings": facts.settings(self.config, name),
                }
            )
            for name in names
        ]

    def seeds(self, wildcards) -> list[int]:
        """Return the seeds of a space: one for a map that is only shown."""
        return self.plan.seeds if wildcards.space in self.plan.repeated else self.plan.seeds[:1]

    def exact_up_to(self, wildcards) -> int | None:
        """Return the limit of exact searches, if the kind of a space searches neighbours."""
        kind = self.plan.kind(wildcards.space)
        return self.plan.exact_up_to(facts.family_of(kind), kind)

    def catalogue_of_transform(self, wildcards) -> str | list:
        """Return the catalogue, if a transform or its graph needs a column of it."""
        return CATALOGUE if self.reads_catalogue(wildcards.space) else []

    def reads_catalogue(self, space: str) -> bool:
        """Whether making a space needs a column of the catalogue, or the songs of its clips."""
        family = facts.family_of(self.plan.kind(space))
        graph = graphs.of_space(self.config, space)
        return bool(
            family == "networks"
            or facts.declared(self.config, space, "NEEDS")
            or (graph and graph[0].balance != NONE)
            or self.plan.level_of_parents(space) == SONG
        )

    # Graphs of neighbours.

    def path_of_graph(self, need: graphs.Need | None) -> str | list:
        """Return the file of a graph, if several jobs need it; a single one finds it by itself."""
        shared = need and need[0].name in self.plan.graphs
        return GRAPH.replace("{graph}", need[0].name) if shared else []

    def graph_of_space(self, wildcards) -> str | list:
        """Return the file of the graph that a space is made by."""
        return self.path_of_graph(graphs.of_space(self.config, wildcards.space))

    def graph_of_method(self, wildcards) -> str | list:
        """Return the file of the graph that a method clusters by."""
        return self.path_of_graph(graphs.of_method(self.plan.methods[wildcards.method]))

    def graph_of_choice(self, wildcards) -> str | list:
        """Return the file of the graph that choosing k for a space needs."""
        return self.path_of_graph(graphs.of_choice(wildcards.space))

    def space_of_graph(self, wildcards) -> str:
        """Return the space of a graph."""
        return SPACE.replace("{space}", self.plan.graphs[wildcards.graph][0].space)

    def catalogue_of_graph(self, wildcards) -> str | list:
        """Return the catalogue, if a graph is of songs or balanced over a column."""
        return CATALOGUE if self.graph_reads_catalogue(wildcards.graph) else []

    def graph_reads_catalogue(self, graph: str) -> bool:
        """Whether finding a graph needs a column of the catalogue."""
        key, _ = self.plan.graphs[graph]
        return key.balance != NONE or self.plan.level(key.space) == SONG

    def search(self, name: str) -> Callable:
        """Return the function of a parameter of a graph: metric, balance, level or neighbours."""

        def value(wildcards):
            key, k = self.plan.graphs[wildcards.graph]
            return {
                "metric": key.metric,
                "balance": key.balance,
                "level": self.plan.level(key.space),
                "neighbours": k,
            }[name]

        return value

    # Methods.

    def space_of_method(self, wildcards) -> str:
        """Return the space that a method clusters."""
        return SPACE.replace("{space}", self.plan.methods[wildcards.method]["space"])

    def choice_of_method(self, wildcards) -> str | list:
        """Return the choice of k for a method's space, if the method needs one."""
        space = self.plan.methods[wildcards.method]["space"]
        return (
            CHOICE.replace("{space}", space) if wildcards.method in self.plan.auto_methods else []
        )

    def settings_of_method(self, wildcards) -> str:
        """Return the settings of a method's clusterer, completed by defaults."""
        return line(self.plan.settings_of_method(wildcards.method))

    def level_of_method(self, wildcards) -> str:
        """Return the row level that a method clusters at."""
        return self.plan.level(self.plan.methods[wildcards.method]["space"])

    def exact_up_to_of_method(self, wildcards) -> int | None:
        """Return the limit of exact searches, if a method's clusterer searches neighbours."""
        clusterer = self.plan.methods[wildcards.method]["clusterer"]
        return self.plan.exact_up_to("clusterers", clusterer)

    # Tables of scores.

    def of_table(self, name: str, path: str) -> Callable:
        """Return the function of an input of a table of scores, if its kind reads it."""

        def read(wildcards) -> str | list:
            kind, _ = self.plan.tables[wildcards.table]
            return path if name in READ[kind] else []

        return read

    def title_of_table(self, wildcards) -> str:
        """Return the title of a table of scores, without its number of clusters."""
        return TITLES[self.plan.tables[wildcards.table][0]]

    def label_of_table(self, wildcards) -> str:
        """Return the name of a table of scores in the report."""
        kind, k = self.plan.tables[wildcards.table]
        return f"{'Table 2' if kind == 'scores' else TITLES[kind]}, k = {k}"

    # Reductions.

    def reductions(self, wildcards) -> list[str]:
        """Return the reductions of a space that are configured as spaces of their own."""
        names = facts.reductions(self.config, wildcards.space).values()
        return [SPACE.replace("{space}", name) for name in names]

    def kinds_of_reductions(self, wildcards) -> list[str]:
        """Return the kinds of these reductions."""
        return list(facts.reductions(self.config, wildcards.space))

    def graphs_of_reductions(self, space: str) -> dict[str, str]:
        """Return the graphs of a space as it is and reduced, by the kind of reduction."""
        names = {NONE: space} | facts.reductions(self.config, space)
        keys = {kind: graphs.Key(name).name for kind, name in names.items()}
        return {
            kind: GRAPH.replace("{graph}", name)
            for kind, name in keys.items()
            if name in self.plan.graphs
        }

    def neighbours_of_reduction(self, wildcards) -> int:
        """How many neighbours reducing and clustering a space needs."""
        return max(graphs.of_reduction(self.config, wildcards.space).values(), default=0)

    # Networks that studies train.

    def settings_of_tuning(self, wildcards) -> str:
        """Return the settings of the networks of one latent size in the tuning grid."""
        row = {name: self.config["tuning"][name] for name in ("hidden", "epochs")}
        return line(kinds.settings("networks", "vae", row | {"latent": int(wildcards.latent)}))

    def settings_of_few_labels(self, _) -> str:
        """Return the settings of the networks that learn from few labels."""
        row = {"epochs": self.config["few_labels"]["epochs"]}
        return line(kinds.settings("networks", "semi_supervised_vae", row))

    def space_of_study(self, study: str) -> list[str]:
        """Return the space that a study of one space is of, if it has one."""
        name = self.config[study]["space"]
        return [SPACE.replace("{space}", name)] if name in self.plan.every else []

    # Other runs.

    def of_runs(self, key: str, runs: list[str], name: str) -> Callable:
        """Return the function of a file of each of `runs`, which `key` of the configuration names.

        It raises ConfigError for a file of another run that does not exist.
        """

        def paths(_) -> list[str]:
            found = {run: f"results/{run}/{name}" for run in runs}
            for run, path in found.items():
                if run != self.config["run"] and not Path(path).exists():
                    raise ConfigError(
                        f"{key} names the run {run!r}, but there is no {path}: make it first by "
                        f"`snakemake tables --cores 8 --configfile config/{run}.yaml`, or with the "
                        f"layer that has run: {run}, wherever it is"
                    )
            return list(found.values())

        return paths
