"""Profiles say how the workflow runs; this holds them to the rules that they name."""

import re

import pytest
import yaml
from project import REPOSITORY

SLURM = REPOSITORY / "profiles/slurm"
TEXT = (SLURM / "profile.yaml").read_text()
PROFILE = yaml.safe_load(TEXT)
RULES = re.compile(r"^(?:rule|use rule (\w+) as) (\w+).*?(?=^(?:use )?rule |\Z)", re.M | re.S)


def rules() -> dict[str, bool]:
    """Every rule of the workflow, and whether it asks for a GPU."""
    asks = {}
    for path in sorted((REPOSITORY / "workflow/rules").rglob("*.smk")):
        for found in RULES.finditer(path.read_text()):
            inherited, name = found.groups()
            asks[name] = "gpu=1" in found[0] or asks.get(inherited, False)
    return asks


ASKS_FOR_GPU = {name for name, asks in rules().items() if asks}


def test_every_key_is_explained_beside_or_above_it():
    lines = TEXT.splitlines()
    for key in PROFILE:
        (at,) = (n for n, line in enumerate(lines) if line.startswith(f"{key}:"))
        assert "#" in lines[at] or lines[at - 1].startswith("#"), key


def test_rules_that_train_get_one_gpu_and_none_when_they_are_tried_again():
    given = {name: row["gpu"] for name, row in PROFILE["set-resources"].items() if "gpu" in row}
    assert {"train_network", "train_fusion", "hold_out_songs", "tune_network"} <= ASKS_FOR_GPU
    assert set(given) == ASKS_FOR_GPU
    for expression in given.values():
        assert [eval(expression, {"attempt": attempt}) for attempt in (1, 2, 3)] == [1, 0, 0]
    assert PROFILE["retries"] >= 1


def test_rules_that_train_are_in_no_group_and_all_that_draw_or_tabulate_are():
    grouped = PROFILE["groups"]
    assert not ASKS_FOR_GPU & set(grouped)
    small = {name for name in rules() if name.startswith(("tabulate_", "draw_"))}
    assert set(grouped) == small | {"cluster_space"}
    assert set(PROFILE["group-components"]) == set(grouped.values())


def test_a_group_asks_for_a_few_hours_at_most():
    for name, group in PROFILE["groups"].items():
        minutes = eval(PROFILE["set-resources"][name]["runtime"], {"attempt": 1})
        assert minutes * PROFILE["group-components"][group] <= 240


@pytest.mark.parametrize("name", ["default", "slurm"])
def test_profiles_name_rules_that_exist(name):
    profile = yaml.safe_load((REPOSITORY / f"profiles/{name}/profile.yaml").read_text())
    assert set(profile["set-resources"]) | set(profile.get("groups", {})) <= set(rules())


def test_no_limit_on_gpus_holds_back_a_cluster():
    assert "gpu" not in PROFILE["resources"]


def test_only_one_partition_has_gpus_and_the_profile_names_its_file():
    partitions = yaml.safe_load((SLURM / PROFILE["slurm-partition-config"]).read_text())
    assert {n: p["max_gpu"] for n, p in partitions["partitions"].items()} == {"cpu": 0, "gpu": 1}
