"""Find the kinds of block, transform, network, clusterer and descriptors, and their settings.

A kind is one module in the folder of its family (see FAMILIES); the configuration uses its name.
What each must and may define is in `hybridmusic.plan.contracts`. A module's literal `SETTINGS`
declares its settings as JSON schemas with defaults. Declarations are read without an import of the
module, because importing torch or numba would take seconds at every call of the workflow.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from types import ModuleType

from hybridmusic.errors import ConfigError

PACKAGE = Path(__file__).parent
FAMILIES = ("blocks", "transforms", "networks", "clusterers", "descriptors")
# Settings of DBSCAN that fit every space; a fixed radius gives one cluster, or none, in some.
FAIR = {"eps": "k-distance"}


@cache
def kinds(family: str) -> tuple[str, ...]:
    """Return the names of all kinds of one of FAMILIES."""
    files = sorted((PACKAGE / family).glob("*.py"))
    return tuple(file.stem for file in files if not file.stem.startswith("_"))


@cache
def definitions(family: str, kind: str) -> dict[str, ast.AST]:
    """Return what a module defines at its top: functions, classes, and values of assignments.

    Raises ConfigError if the file is no valid Python.
    """
    file = PACKAGE / family / f"{kind}.py"
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
        raise ConfigError(f"{family}/{kind}.py{line}: not valid Python ({error})") from error
    return dict(chain.from_iterable(map(_defined, tree.body)))


def _defined(statement: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name, statement
    elif isinstance(statement, ast.AnnAssign) and statement.value:
        yield from _assigned(statement.target, statement.value)
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from _assigned(target, statement.value)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        # With a starred item the lengths differ, and no value is written out.
        values = value.elts if len(value.elts) == len(target.elts) else target.elts
        for name, part in zip(target.elts, values, strict=True):
            yield from _assigned(name, part)


@cache
def declared(family: str, kind: str, name: str):
    """Return the value of the literal `name` at the top of a module, or None if it is absent.

    Raises ConfigError if the value is computed, because the module is not imported.
    """
    value = definitions(family, kind).get(name)
    if value is None:
        return None
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError) as error:
        raise ConfigError(
            f"{family}/{kind}.py: {name} must be written out, not computed"
        ) from error


def defines(family: str, kind: str, name: str) -> bool:
    """Whether a module has a function `name` at its top."""
    return isinstance(definitions(family, kind).get(name), ast.FunctionDef)


def schemas(family: str, kind: str) -> dict[str, dict]:
    """Return the JSON schema of each setting of a kind.

    The settings are its own `SETTINGS`, those that its family shares, and those that its family
    gives to kinds with an attribute (`SETTINGS_IF`). Its own win. A schema of its own that is only
    a default is completed by its family's `SCHEMAS`.
    """
    own = declared(family, kind, "SETTINGS") or {}
    shared, conditional, complete = (
        declared(family, "__init__", name) or {} for name in ("SETTINGS", "SETTINGS_IF", "SCHEMAS")
    )
    own = {
        name: complete.get(name, {}) | schema if set(schema) == {"default"} else schema
        for name, schema in own.items()
    }
    given = [part for name, part in conditional.items() if name in definitions(family, kind)]
    others = chain.from_iterable(part.items() for part in (shared, *given))
    return own | {name: schema for name, schema in others if name not in own}


def settings(family: str, kind: str, row: dict) -> dict:
    """Return the settings of a kind: those of a configuration row, completed by defaults."""
    return {
        name: row.get(name, schema.get("default")) for name, schema in schemas(family, kind).items()
    }


def columns(name: str) -> list[str]:
    """Return the names of all values that a set of descriptors has of a clip, in order."""
    described = load("descriptors", name)
    return [*chain(*described.GROUPS.values()), *getattr(described, "ASIDE", ())]


def module(family: str, kind: str) -> str:
    """Return the name of a kind's module, as Python imports it."""
    return f"hybridmusic.{family}.{kind}"


def load(family: str, kind: str) -> ModuleType:
    """Return the module of a kind, imported."""
    return importlib.import_module(module(family, kind))
