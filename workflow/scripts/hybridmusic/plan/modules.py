"""Which modules a script depends on, so that a rule can declare them as its input.

Snakemake sees an edited script but not an edited module that the script imports.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

SCRIPTS = Path(__file__).parents[2]


def modules(script: str, *also: str) -> list[Path]:
    """Files of SCRIPTS that `<script>.py` imports, directly or not, sorted.

    `also` names modules that the script loads by name, such as `hybridmusic.networks.vae`.
    """
    found: set[Path] = set()
    pending = [file for name in also for file in _files(name)]
    (adapter,) = SCRIPTS.glob(f"adapters/*/{script}.py")
    pending += _imported(adapter)
    while pending:
        file = pending.pop()
        if file not in found:
            found.add(file)
            pending += _imported(file)
    return sorted(found)


@cache
def _imported(file: Path) -> list[Path]:
    """Files of SCRIPTS that `file` imports directly, inside functions too."""
    names = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return [file for name in names for file in _files(name)]


def _files(name: str) -> list[Path]:
    """The module `name` and the packages around it, as far as they lie in SCRIPTS."""
    parts = name.split(".")
    found = []
    for end in range(1, len(parts) + 1):
        path = SCRIPTS.joinpath(*parts[:end])
        found += [file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists()]
    return found
