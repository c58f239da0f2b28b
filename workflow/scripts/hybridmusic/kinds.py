"""Finds the kinds of block, transform, network, clusterer and descriptors, and their settings.

A kind is one module in the folder of its family (see FAMILIES), named as the configuration names
it. It declares in a literal `SETTINGS` what can be set, as JSON schema with defaults. The
declarations are read without importing the module, so that validating a configuration costs
nothing: importing torch or numba would take seconds at every call.
"""

from __future__ import annotations

import ast
import importlib
from functools import cache
from itertools import chain
from pathlib import Path
from types import ModuleType

PACKAGE = Path(__file__).parent
FAMILIES = ("blocks", "transforms", "networks", "clusterers", "descriptors")
# Settings of DBSCAN that fit every space: one radius would find a single cluster, or none, in another.
FAIR = {"eps": "k-distance"}


@cache
def kinds(family: str) -> tuple[str, ...]:
    """Names of all kinds of one of FAMILIES."""
    files = sorted((PACKAGE / family).glob("*.py"))
    return tuple(file.stem for file in files if not file.stem.startswith("_"))


@cache
def declared(family: str, module: str, name: str):
    """Value of the literal `name` at the top of a family's module, unimported; None if absent."""
    tree = ast.parse((PACKAGE / family / f"{module}.py").read_text(encoding="utf-8"))
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") == name:
            return ast.literal_eval(statement.value)
    return None


@cache
def defines(family: str, module: str, name: str) -> bool:
    """Whether a family's module has a function `name` at its top, unimported."""
    tree = ast.parse((PACKAGE / family / f"{module}.py").read_text(encoding="utf-8"))
    return any(isinstance(one, ast.FunctionDef) and one.name == name for one in tree.body)


def schemas(family: str, kind: str) -> dict[str, dict]:
    """JSON schema of everything a kind can be set to: its own, and else what its family shares."""
    shared = declared(family, "__init__", "SETTINGS") or {}
    own = declared(family, kind, "SETTINGS") or {}
    return own | {name: schema for name, schema in shared.items() if name not in own}


def settings(family: str, kind: str, row: dict) -> dict:
    """What a configuration row sets of a kind, completed by the kind's defaults."""
    return {
        name: row.get(name, schema.get("default")) for name, schema in schemas(family, kind).items()
    }


def columns(name: str) -> list[str]:
    """Names of all values that a set of descriptors has of a clip, in order."""
    module = load("descriptors", name)
    return [*chain(*module.GROUPS.values()), *module.ASIDE]


def load(family: str, kind: str) -> ModuleType:
    """The module of a kind, imported."""
    return importlib.import_module(f"hybridmusic.{family}.{kind}")
