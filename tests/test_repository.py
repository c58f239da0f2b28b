"""The repository's own promises: pins, documentation and files that must agree."""

import re
from itertools import pairwise

import pytest
import yaml
from conftest import REPOSITORY

from hybridmusic import kinds


def pins(text: str) -> dict[str, str]:
    return {
        name.lower().replace("_", "-"): version
        for name, version in re.findall(r"^\W*([\w.-]+)==([\w.]+)", text, re.M)
    }


def test_the_conda_environment_has_the_locks_versions():
    locked = pins((REPOSITORY / "requirements.txt").read_text())
    environment = yaml.safe_load((REPOSITORY / "workflow/envs/hybridmusic.yaml").read_text())
    names = environment["dependencies"][-1]["pip"]
    chosen = pins("\n".join(names))
    assert len(chosen) == len(names)
    assert chosen == {name: locked[name] for name in chosen}


def test_the_lock_pins_torch_and_leaves_its_build_open():
    text = (REPOSITORY / "requirements.txt").read_text()
    assert pins(text)["torch"] == "2.13.0"
    assert "--hash" not in text
    assert not re.search(r"^(nvidia-|triton|cuda-)", text, re.M)


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


def test_the_readme_draws_the_real_rule_graph(project):
    (project.folder / "tiny.yaml").write_text("{}\n")
    said = project.succeed("--rulegraph", "mermaid-js")
    names = dict(re.findall(r"(id\d+)\[(\w+)\]", said))
    real = {(names[a], names[b]) for a, b in re.findall(r"(id\d+) --> (id\d+)", said)}
    chart = (REPOSITORY / "README.md").read_text().split("```mermaid")[1].split("```")[0]
    drawn = set()
    for line in chart.splitlines()[2:]:
        drawn |= set(pairwise(line.split(" --> "))) if "-->" in line else set()
    drawn = {(a.strip(), b.strip()) for a, b in drawn}
    assert drawn - {("synthesise_demo", "list_tracks")} <= real
    shown = {name for edge in drawn for name in edge} | {"record_settings"}
    assert set(names.values()) - {"default"} <= shown


@pytest.mark.parametrize("name", ["README.md", "config/README.md", "CONTRIBUTING.md"])
def test_links_between_documents_lead_somewhere(name):
    document = REPOSITORY / name
    for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
        assert (document.parent / target).exists(), target
