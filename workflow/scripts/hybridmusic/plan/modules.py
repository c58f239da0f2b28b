"""Modules that a script depends on, so that a rule can declare them as its input.

Snakemake sees an edited script but not an edited module that the script imports.
"""

from __future__ import annotations

import ast
import os
import re
from functools import cache
from pathlib import Path

SCRIPTS = Path(__file__).parents[2]
RULES = SCRIPTS.parent / "rules"
# Imports of the project's own modules. To parse every file would take a second at every call.
OWN = r"((?:hybridmusic|shared|adapters)[\w.]*)"
IMPORT = re.compile(rf"^ *(?:from {OWN} import (\([^)]*\)|.+)|import {OWN})", re.MULTILINE)


def code(script: str, *also: str) -> list[str]:
    """Return the files of `modules` relative to the working directory."""
    return [os.path.relpath(path) for path in modules(script, *also)]


def modules(script: str, *also: str) -> list[Path]:
    """Return the project's modules that an adapter imports, directly or not, sorted.

    Packages whose `__init__` holds nothing but a docstring are left out, for they change no result.

    Parameters
    ----------
    script : name of an adapter, such as "train_network"
    also : modules that the script loads by name, such as "hybridmusic.networks.vae"
    """
    found: set[Path] = set()
    pending = [file for name in also for file in _files(name)]
    pending += _imported(_adapter(script))
    while pending:
        file = pending.pop()
        if file not in found:
            found.add(file)
            pending += _imported(file)
    return sorted(file for file in found if not _is_docstring_alone(file))


@cache
def studies() -> tuple[str, ...]:
    """Return the names of the studies, each a file of rules."""
    return tuple(sorted(path.stem for path in (RULES / "studies").glob("*.smk")))


@cache
def _adapter(script: str) -> Path:
    return next((SCRIPTS / "adapters").glob(f"*/{script}.py"))


@cache
def _imported(file: Path) -> list[Path]:
    """Return the files that `file` imports directly, inside functions too."""
    names = []
    for package, parts, module in IMPORT.findall(file.read_text(encoding="utf-8")):
        names += [module or package, *(f"{package}.{name}" for name in re.findall(r"\w+", parts))]
    return [file for name in names for file in _files(name)]


@cache
def _files(name: str) -> list[Path]:
    """Return the module `name` and the packages around it, as far as they are in the project."""
    parts = name.split(".")
    found = []
    for end in range(1, len(parts) + 1):
        path = SCRIPTS.joinpath(*parts[:end])
        found += [file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists()]
    return found


@cache
def _is_docstring_alone(file: Path) -> bool:
    if file.name != "__init__.py":
        return False
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return len(tree.body) == (ast.get_docstring(tree) is not None)
