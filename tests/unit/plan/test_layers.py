"""Layers of a configuration are merged deeply, and the command line has types."""

import pytest
import yaml
from project import REPOSITORY

from hybridmusic.errors import ConfigError
from hybridmusic.plan.layers import layered, merged, typed

CONFIG = REPOSITORY / "config"
SCHEMA = yaml.safe_load((REPOSITORY / "workflow/schemas/config.schema.yaml").read_text())


def test_later_layers_win_and_lists_are_replaced_whole():
    below = {"a": {"b": 1, "c": [1, 2]}, "d": 1}
    assert merged(below, {"a": {"c": [3]}}) == {"a": {"b": 1, "c": [3]}, "d": 1}
    assert below == {"a": {"b": 1, "c": [1, 2]}, "d": 1}


def test_a_users_own_keys_come_first():
    assert list(merged({"a": 1, "b": {"c": 1}}, {"d": 2, "b": {"e": 2}})) == ["d", "b", "a"]
    assert list(merged({"b": {"c": 1}}, {"b": {"e": 2}})["b"]) == ["e", "c"]


def test_null_switches_a_mapping_off_and_a_later_mapping_switches_it_on_again():
    assert merged({"a": {"b": 1}}, {"a": None}) == {"a": None}
    assert merged({"a": {"b": 1}}, {"a": None}, {"a": {"c": 2}}) == {"a": {"b": 1, "c": 2}}


def test_a_recipe_lies_under_the_users_values_and_over_the_papers():
    paper = layered({}, CONFIG)
    assert paper == yaml.safe_load((CONFIG / "config.yaml").read_text())
    own = layered({"recipe": "map", "audio": {"segments": 2}}, CONFIG)
    recipe = yaml.safe_load((CONFIG / "map.yaml").read_text())
    assert own["methods"] == recipe["methods"]
    assert own["audio"] == paper["audio"] | recipe["audio"] | {"segments": 2}


def test_a_recipe_that_does_not_exist_is_named():
    with pytest.raises(ConfigError, match=r"^recipe is 'maps'; .* \(did you mean 'map'\?\)"):
        layered({"recipe": "maps"}, CONFIG)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"balance": "false"}, False),
        ({"audio": {"segments": "3"}}, {"segments": 3}),
        ({"audio": {"also": ["rich"]}}, {"also": ["rich"]}),
        ({"k": ["4", "genres"]}, [4, "genres"]),
        ({"run": 2024}, "2024"),
        ({"assign": {"name": "0123", "update": "true"}}, {"name": "0123", "update": True}),
        ({"assign": {"path": "/music: new"}}, {"path": "/music: new"}),
        ({"spaces": {"pca": {"variance": "0.5"}}}, {"pca": {"variance": 0.5}}),
        ({"spaces": {"pca": ""}}, {"pca": None}),
        ({"seeds": 3}, 3),
    ],
)
def test_values_of_the_command_line_have_their_types(given, value):
    assert next(iter(typed(given, SCHEMA).values())) == value
