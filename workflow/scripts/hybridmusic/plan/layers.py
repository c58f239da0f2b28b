"""Layers of configuration: the paper, a recipe for another question, and a user's own values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from hybridmusic.errors import ConfigError
from hybridmusic.plan import words

# Recipes by name, and the file of each. The paper lies under every other layer.
BASE = "paper"
RECIPES = {BASE: "config.yaml", "map": "map.yaml", "compare": "compare.yaml"}


def layered(given: Mapping, folder: Path) -> dict:
    """Return a whole configuration: `given` over its recipe over the paper's.

    Parameters
    ----------
    given : a user's layer; its key `recipe` names one of RECIPES, by default the paper
    folder : path of the folder that holds the files of RECIPES

    Raises ConfigError if there is no such recipe.
    """
    recipe = given.get("recipe", BASE)
    if recipe not in RECIPES:
        raise ConfigError(
            f"recipe is {recipe!r}; allowed: {', '.join(RECIPES)}{words.guess(recipe, RECIPES)}"
        )
    names = dict.fromkeys([BASE, recipe])
    files = [yaml.safe_load((folder / RECIPES[name]).read_text("utf-8")) for name in names]
    return merged(*files, given, {"recipe": recipe})


def merged(*layers: Mapping) -> dict:
    """Merge mappings deeply; later ones win, and lists are replaced whole.

    A null switches a mapping off, and a later mapping switches it on again over what it was. Keys
    of later layers come first, so that tables begin with a user's own spaces.
    """
    keys = dict.fromkeys(key for layer in reversed(layers) for key in layer)
    return {key: _last([layer[key] for layer in layers if key in layer]) for key in keys}


def _last(values: list):
    if isinstance(values[-1], Mapping):
        return merged(*(value for value in values if isinstance(value, Mapping)))
    return values[-1]


def typed(value, schema: Mapping):
    """Return a value of the command line with the types that YAML gives it.

    Snakemake reads what `--config` sets inside a list or mapping, and words such as `false`, as
    text. Where `schema` allows text alone, text stays as it is, and a number becomes text:
    `run=2024` is a name.
    """
    if isinstance(value, Mapping):
        named = schema.get("properties", {})
        other = schema.get("additionalProperties") or {}
        other = other if isinstance(other, Mapping) else {}
        return {key: typed(inner, named.get(key, other)) for key, inner in value.items()}
    if isinstance(value, list):
        return [typed(inner, schema.get("items", {})) for inner in value]
    if _is_text_alone(schema):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return str(value) if is_number else value
    return _scalar(value) if isinstance(value, str) else value


def _is_text_alone(schema: Mapping) -> bool:
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    return "string" in types and not {"integer", "number", "boolean"} & set(types)


def _scalar(text: str):
    """Return the boolean, number or null that `text` is to YAML, or the text itself."""
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        return text
    return value if value is None or isinstance(value, bool | int | float) else text
