"""The repository's own promises: pins, documentation and files that must agree."""

import ast
import re
from importlib.metadata import packages_distributions
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from project import REPOSITORY, Project

from hybridmusic import audio, kinds, scores
from hybridmusic.evaluation.scores import external_scores
from hybridmusic.plan.inputs import LIBROSA
from hybridmusic.sound.features import describe


def pins(text: str) -> dict[str, str]:
    return {
        name.lower().replace("_", "-"): version
        for name, version in re.findall(r"^\W*([\w.-]+)==([\w.]+)", text, re.M)
    }


RUNTIME, DEV = ("requirements.txt", "requirements-dev.txt")


def locked(*names: str) -> dict[str, str]:
    return pins("\n".join((REPOSITORY / name).read_text() for name in names))


def requested(name: str) -> set[str]:
    """Return the names of packages in a file of requirements."""
    return set(re.findall(r"^\w[\w-]*", (REPOSITORY / name).read_text(), re.M))


def in_conda(name: str) -> dict[str, str]:
    """Return the versions of the packages in an environment for `--sdm conda`."""
    environment = yaml.safe_load((REPOSITORY / f"workflow/envs/{name}.yaml").read_text())
    names = environment["dependencies"][-1]["pip"]
    chosen = pins("\n".join(names))
    assert len(chosen) == len(names)
    return chosen


@pytest.mark.parametrize("name", ["hybridmusic", "librosa"])
def test_the_conda_environments_have_the_locks_versions(name):
    chosen = in_conda(name)
    assert chosen == {package: locked(RUNTIME, DEV)[package] for package in chosen}


def test_the_lock_pins_torch_and_leaves_its_build_open():
    assert locked(RUNTIME)["torch"] == "2.13.0"
    for name in (RUNTIME, DEV):
        text = (REPOSITORY / name).read_text()
        assert "--hash" not in text
        assert not re.search(r"^(nvidia-|triton|cuda-)", text, re.M)


def test_both_locks_agree_and_pin_each_request():
    both = locked(RUNTIME).keys() & locked(DEV).keys()
    assert all(locked(RUNTIME)[name] == locked(DEV)[name] for name in both)
    assert requested("requirements.in") <= locked(RUNTIME).keys()
    assert requested("requirements-dev.in") <= locked(RUNTIME, DEV).keys()
    assert (REPOSITORY / DEV).read_text().startswith(f"-r {RUNTIME}\n")


def test_the_workflow_needs_the_snakemake_of_the_lock():
    text = (REPOSITORY / "workflow/Snakefile").read_text()
    assert re.findall(r'min_version\("(.*)"\)', text) == [locked(RUNTIME)["snakemake"]]


def test_the_workflow_installs_no_tool_of_tests_and_checks():
    tools = {"hypothesis", "librosa", "playwright", "pre-commit", "pytest", "ruff", "snakefmt"}
    assert tools <= locked(DEV).keys() - locked(RUNTIME).keys()


def imported(folder: Path) -> set[str]:
    """Return the packages outside the standard library that the Python files of a folder import."""
    trees = [ast.parse(path.read_text()) for path in folder.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    packages = packages_distributions()
    tops = {name.partition(".")[0] for name in names} & packages.keys()
    return {packages[name][0].lower().replace("_", "-") for name in tops}


def test_what_the_workflow_imports_is_requested_and_in_the_conda_environment():
    imports = imported(REPOSITORY / "workflow")
    assert "scikit-learn" in imports
    # librosa is for `check_features` alone, which says how to install it.
    assert imports - requested("requirements.in") == {"librosa"}
    assert imports - {"snakemake", "librosa"} <= in_conda("hybridmusic").keys()


def test_features_are_compared_with_the_librosa_of_the_tests():
    assert f"\n{LIBROSA} " in (REPOSITORY / "requirements-dev.in").read_text()
    imports = {"filelock", "librosa", "numpy", "pandas", "pebble", "pyarrow", "pyyaml", "scipy"}
    assert in_conda("librosa").keys() == imports | {"soundfile", "soxr"}


def test_what_other_programs_import_stays_where_it_was():
    assert audio.describe is describe
    assert scores.external_scores is external_scores


def keys_of(schema: dict, prefix: str = ""):
    for name, inner in schema.get("properties", {}).items():
        yield prefix + name
        yield from keys_of(inner, f"{prefix}{name}.")
        yield from keys_of(inner.get("items", {}), f"{prefix}{name}[].")


def test_every_key_is_documented():
    schema = yaml.safe_load((REPOSITORY / "workflow/schemas/config.schema.yaml").read_text())
    text = (REPOSITORY / "config/README.md").read_text()
    documented = set(re.findall(r"^\| `([^`]+)`", text, re.M))
    keys = {key for key in keys_of(schema) if not key.startswith(("spaces.", "methods[]."))}
    assert keys <= documented
    for family in kinds.FAMILIES:
        for kind in kinds.kinds(family):
            for name in kinds.schemas(family, kind):
                assert f"`{name}`" in text, f"{family}/{kind}: {name}"
            assert f"`{kind}`" in text, f"{family}/{kind}"


def test_every_method_of_the_paper_is_configured_with_its_label():
    config = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text())
    labels = {row["name"]: row["label"] for row in config["methods"]}
    assert labels["raw_kmeans"] == "Raw K-Means"
    assert labels["cond_vae_kmeans"] == "Cond VAE"


@pytest.fixture(scope="module")
def graph(tmp_path_factory) -> set[tuple[str, str]]:
    """Which rules follow which, of the paper's configuration."""
    project = Project.create(tmp_path_factory.mktemp("graph") / "project")
    (project.folder / "tiny.yaml").write_text("{}\n")
    said = project.succeed("--rulegraph", "mermaid-js")
    names = dict(re.findall(r"(id\d+)\[(\w+)\]", said))
    return {(names[a], names[b]) for a, b in re.findall(r"(id\d+) --> (id\d+)", said)}


def test_the_readme_draws_the_real_rule_graph(graph):
    chart = (REPOSITORY / "README.md").read_text().split("```mermaid")[1].split("```")[0]
    drawn = set()
    for line in chart.splitlines()[2:]:
        drawn |= set(pairwise(line.split(" --> "))) if "-->" in line else set()
    drawn = {(a.strip(), b.strip()) for a, b in drawn}
    assert drawn - {("synthesise_demo", "list_tracks")} <= graph
    shown = {name for edge in drawn for name in edge} | {"record_settings"}
    assert {name for edge in graph for name in edge} - {"default"} <= shown


def test_no_group_of_jobs_waits_for_what_waits_for_it(graph):
    profile = yaml.safe_load((REPOSITORY / "profiles/slurm/profile.yaml").read_text())
    grouped = profile["groups"]
    after = {}
    for a, b in graph:
        after.setdefault(grouped.get(a, a), set()).add(grouped.get(b, b))
    for group in set(grouped.values()):
        reached, new = set(), after[group] - {group}
        while new:
            reached |= new
            new = {name for step in new for name in after.get(step, ())} - reached
        assert group not in reached


DOCUMENTS = ["README.md", "config/README.md", "CONTRIBUTING.md", "docs/scaling.md"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_between_documents_lead_somewhere(name):
    document = REPOSITORY / name
    for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
        assert (document.parent / target).exists(), target
