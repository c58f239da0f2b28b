"""Loading of a plan: layers, types, checks, and the plan of what passed them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from hybridmusic.errors import ConfigError
from hybridmusic.plan import checks, folders
from hybridmusic.plan.layers import layered, merged, typed
from hybridmusic.plan.run import Plan
from hybridmusic.tracks import files


def load(given: Mapping, command_line: Mapping, workflow: Path) -> Plan:
    """Return the plan of a configuration.

    Parameters
    ----------
    given : everything that a user set, over the paper or another recipe
    command_line : the part of `given` that `--config` set
    workflow : path of the workflow's folder, which has the schema, next to `config/`

    Raises
    ------
    ConfigError : with every mistake of the configuration and of its sources, a line each
    """
    schema = yaml.safe_load((workflow / "schemas" / "config.schema.yaml").read_text("utf-8"))
    given = merged(given, typed(command_line, schema))
    config = layered(given, workflow.parent / "config")
    found = list(dict.fromkeys(checks.mistakes(config, schema)))
    # A run whose tracks are listed can be drawn again after its sources have moved away.
    if found or not Path("results", str(config["run"]), "catalogue.parquet").exists():
        found += checks.missing_files(config)
    if found:
        raise ConfigError("\n".join(found))
    plan = Plan(config, sound=not all(_is_table(source) for source in config["sources"]))
    if not (within := folders.nearest(plan.results)).is_dir():
        raise ConfigError(f"{within} is a file, but {plan.results} is to be a folder: move it away")
    return plan


def _is_table(source: Mapping) -> bool:
    return files.is_feature_table(source.get("path", ""))
