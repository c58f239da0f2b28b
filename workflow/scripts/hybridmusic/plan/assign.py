"""Placing new songs in a run that is done: what is read of the run, and the steps to its spaces."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import yaml

from hybridmusic import kinds
from hybridmusic.errors import ConfigError
from hybridmusic.plan import spaces as facts
from hybridmusic.plan.inputs import Inputs, line


class Placing:
    """Inputs and parameters of the rules that place new songs."""

    def __init__(self, inputs: Inputs):
        plan = inputs.plan
        self.inputs, self.plan, self.config = inputs, plan, plan.config
        self.settings = plan.config["assign"]
        names = [row["space"] for row in plan.methods.values()]
        # The spaces in which new songs get a place, each after its parents.
        self.spaces = facts.ordered(
            self.config, names + list(plan.spaces) * self.settings["explorer"]
        )
        self.networks = [name for name in self.spaces if name in plan.networks]
        self.sets = sorted({s for name in self.spaces for s in plan.every[name].get("sets", [])})
        self.clusterers = sorted(
            {kinds.module("clusterers", row["clusterer"]) for row in plan.methods.values()}
        )

    def tables(self) -> dict[str, Callable | str | list]:
        """Return the tables that blocks are made of, of the run and of the new songs, by input."""
        tables: dict[str, Callable | str | list] = {}
        for name in ("sentences", "embeddings"):
            is_read = any(name in facts.reads(self.config, space) for space in self.spaces)
            tables[name] = self.of_run(f"{name}.parquet") if is_read else []
            tables[f"new_{name}"] = f"<results>/{name}.parquet" if is_read else []
        return tables

    def steps(self, _) -> list[str]:
        """Every space that songs are placed in, after its parents, as one line of text each."""
        return self.inputs.steps(self.spaces)

    def modules(self) -> list[str]:
        """Return the modules that placing songs in every space loads by name."""
        spaces = (self.plan.modules_of(name) for name in self.spaces)
        return sorted({module for modules in spaces for module in modules})

    def source(self, _) -> list[str]:
        """Return the new songs as a source, one line of text. Raises ConfigError without a path."""
        if self.settings["path"] is None:
            raise ConfigError(
                "assign.path is missing: set it to where the new songs are, as in --config "
                "'assign={path: /music/new, name: new}'"
            )
        languages = {source.get("language", "unknown") for source in self.config["sources"]}
        only = languages.pop() if len(languages) == 1 else "unknown"
        source = {
            "name": self.settings["name"],
            "path": self.settings["path"],
            "language": self.settings["language"] or only,
            "song": "file",
        }
        return [line(source)]

    def moved_centroids(self, wildcards) -> list[str]:
        """Return the centroids that an earlier batch left, if this one follows one."""
        after = self.settings["after"]
        return self.of_run(f"assign/{after}.centroids.parquet")(wildcards) if after else []

    def truths(self) -> list[str]:
        """For each method the spaces that hold the true neighbours of its space."""
        spaces = [row["space"] for row in self.plan.methods.values()]
        return [" ".join(facts.origins(self.config, space)) for space in spaces]

    def of_run(self, *names: str) -> Callable:
        """Return the function of files of the run as they are, by absolute paths.

        An absolute path is no rule's output, so that nothing of the run is made again. The
        function raises ConfigError if the run lacks a file, or was made otherwise.
        """

        def paths(_) -> list[str]:
            self._check_run()
            made = [Path.cwd() / self.plan.results / name for name in names]
            for path in made:
                if not path.exists():
                    raise ConfigError(
                        f"the run {self.config['run']!r} has no {path.relative_to(Path.cwd())}: "
                        "songs are placed in a run that is done, so make it first, by the same "
                        "command without assign"
                    )
            return list(map(str, made))

        return paths

    def _check_run(self) -> None:
        """Raise ConfigError if the run was made by a configuration that places songs elsewhere."""
        run, record = self.config["run"], Path(self.plan.results, "config.yaml")
        if not record.parent.is_dir():
            raise ConfigError(f"there is no run {run!r}: {record.parent} does not exist")
        if record.exists():
            made = yaml.safe_load(record.read_text(encoding="utf-8"))
            if key := difference(self.config, made):
                raise ConfigError(
                    f"{key} is not what the run {run!r} was made with: to place songs in it, give "
                    f"its own configuration, --configfile {record}"
                )


def difference(config: dict, made: dict) -> str | None:
    """Return a key in which `config` places songs elsewhere than the configuration of a run."""
    for key in ("seed", "k", "text", "methods"):
        if config[key] != made[key]:
            return key
    for key in ("clip_seconds", "min_seconds", "segments", "from"):
        if config["audio"][key] != made["audio"][key]:
            return f"audio.{key}"
    names = facts.ordered(made, [method["space"] for method in made["methods"]])
    rows = facts.spaces(config)
    return next((f"spaces.{n}" for n in names if rows.get(n) != facts.spaces(made)[n]), None)
