"""The modules that rules declare are those that scripts import, as Python itself finds them."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from project import REPOSITORY, printed_by

from hybridmusic import kinds
from hybridmusic.plan.modules import modules

SCRIPTS = REPOSITORY / "workflow" / "scripts"
# Scripts that load a module of a family by its name.
LOADING = [
    ("extract_features", "descriptors"),
    ("build_block", "blocks"),
    ("build_block", "descriptors"),
    ("transform_space", "transforms"),
    ("probe_labels", "transforms"),
    ("train_network", "networks"),
    ("hold_out_songs", "networks"),
    ("tune_network", "networks"),
    ("cluster_space", "clusterers"),
    ("cut_baselines", "clusterers"),
    ("refit_methods", "blocks"),
    ("refit_methods", "transforms"),
    ("refit_methods", "networks"),
    ("refit_methods", "clusterers"),
    ("reduce_and_cluster", "clusterers"),
    ("assign_tracks", "clusterers"),
    ("update_centroids", "clusterers"),
    ("place_tracks", "blocks"),
    ("place_tracks", "descriptors"),
    ("place_tracks", "transforms"),
    ("place_tracks", "networks"),
]
# The folder of each adapter, by its name.
STAGES = {path.stem: path.parent.name for path in sorted(SCRIPTS.glob("adapters/*/*.py"))}


# What draws, tabulates and reports, but for what counts labels on the way.
COUNTING = {"tabulate_associations", "tabulate_subsets"}
READING = [
    name
    for name in STAGES
    if name.startswith(("tabulate_", "draw_", "write_", "assemble_", "gather_", "build_"))
    and name not in COUNTING
]


# Libraries that scripts import: loaded once, then every case is a fork that has them already.
PROGRAM = """
import importlib, json, os, sys
for name in ("matplotlib.pyplot", "pandas", "pyarrow", "sklearn.cluster", "torch"):
    importlib.import_module(name)
for case in json.load(sys.stdin):
    if os.fork() == 0:
        for name in case:
            importlib.import_module(name)
        files = [getattr(m, "__file__", None) or "" for m in list(sys.modules.values())]
        ours = [file for file in files if file.startswith(os.getcwd())]
        print(json.dumps([case, ours]), flush=True)
        os._exit(0)
    if os.wait()[1]:
        sys.exit(f"{case} cannot be imported")
"""


def adapter(name: str) -> str:
    """Return the module of an adapter."""
    return f"adapters.{STAGES[name]}.{name}"


def imported(cases: list[list[str]]) -> list[tuple[list[str], set[Path]]]:
    """Return for each list of modules the files of the project that importing it has loaded.

    Files that hold nothing but a docstring change no result, and are left out.
    """
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(cases),
        cwd=SCRIPTS,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = []
    for line in done.stdout.splitlines():
        case, files = json.loads(line)
        own = SCRIPTS / f"{case[0].replace('.', '/')}.py"
        found.append((case, {path for path in map(Path, files) if holds_code(path)} - {own}))
    assert len(found) == len(cases)
    return found


def holds_code(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return len(tree.body) > (ast.get_docstring(tree) is not None)


def test_declared_modules_are_the_imported_ones():
    for (script,), found in imported([[adapter(name)] for name in STAGES]):
        assert found <= set(modules(script.rpartition(".")[2])), script


def test_kinds_loaded_by_name_are_declared_with_what_they_import():
    cases = [
        [adapter(script), f"hybridmusic.{family}.{kind}"]
        for script, family in LOADING
        for kind in kinds.kinds(family)
    ]
    for (script, name), found in imported(cases):
        declared = set(modules(script.rpartition(".")[2], name))
        assert found <= declared, name
        _, family, kind = name.split(".")
        siblings = {path for path in declared if path.parent.name == family and path.stem[0] != "_"}
        assert {path.stem for path in siblings} == {kind}


def test_every_adapter_is_named_as_its_rule():
    rules = "".join(path.read_text() for path in (REPOSITORY / "workflow/rules").rglob("*.smk"))
    for script, stage in STAGES.items():
        assert f"rule {script}:" in rules
        assert f'../scripts/adapters/{stage}/{script}.py"' in rules


@pytest.mark.parametrize(("scripts", "needed"), [(READING, []), (["train_network"], ["torch"])])
def test_nobody_waits_for_a_library_that_is_not_called(scripts, needed):
    # Each takes a second or more to import, at every one of dozens of jobs.
    slow = {"sklearn", "torch", "umap", "numba", "librosa", "sentence_transformers"}
    asked = f"import sys, {', '.join(map(adapter, scripts))}; print(*({slow} & set(sys.modules)))"
    assert printed_by(asked).split() == needed
