"""Checks a configuration before any job starts, and answers what follows from it.

Needs nothing but jsonschema, because the Snakefile imports it at every call.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

import jsonschema

from hybridmusic import kinds
from hybridmusic.errors import ConfigError

# Settings by which a space is told a label of its tracks, and what it then is.
TOLD_BY = {
    "condition": "conditioned",
    "by": "scaled",
    "independent_of": "independent",
    "balance": "balanced",
}
# What has a vector of its own in a space, and is clustered and scored as one row.
CLIP, SONG = "clip", "song"
SPACE_FAMILIES = ("blocks", "transforms", "networks")
# The space that the paper measures every internal score in, whatever space was clustered.
REFERENCE_SPACE = "hybrid"
# In `k`: the number of clusters that is chosen without labels.
AUTO = "auto"
# Kinds of transform that spaces are clustered after, to see what reduction does.
REDUCTIONS = ("pca", "umap")

TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "text",
    "object": "a mapping",
}
LIMITS = {
    "minimum": "from",
    "exclusiveMinimum": "above",
    "maximum": "to",
    "exclusiveMaximum": "below",
    "pattern": "matching",
}


def check(config: dict, schema: dict) -> None:
    """Raise ConfigError, naming key, value and what is allowed, if `config` cannot be run.

    `schema` is the JSON schema of everything but the settings of kinds, which their modules
    declare themselves (see `hybridmusic.kinds`).
    """
    _check_schema(config, schema, "")
    _check_sources(config["sources"])
    _check_clip(config["audio"])
    for name in config["audio"]["also"]:
        _check_named(name, kinds.kinds("descriptors"), "audio.also", "set of descriptors")
    if cultural(config) and "culture" not in config["audio"]["also"]:
        raise ConfigError(
            f"text.descriptors names {cultural(config)[0]!r}, which the set of descriptors culture "
            "tells: audio.also has to name that too"
        )
    for name, row in spaces(config).items():
        family = family_of(row["kind"], f"spaces.{name}.kind")
        _check_kind(row, family, row["kind"], f"spaces.{name}", fixed={"kind", "of"})
        _check_parents(config, name, row, family)
        for unread in set(row.get("sets", [])) - set(config["audio"]["also"]):
            raise ConfigError(
                f"spaces.{name}.sets names {unread!r}, which no clip is described by: audio.also "
                f"has to name it too"
            )
    if REFERENCE_SPACE not in spaces(config):
        raise ConfigError(
            f"spaces.{REFERENCE_SPACE} is missing: Table 2 measures its internal scores in it"
        )
    if all(isinstance(k, str) for k in config["k"]):
        raise ConfigError(f"k is {config['k']!r}; Table 2 needs at least one number")
    _check_methods(config)
    if config["run"] in config["compare"]:
        raise ConfigError(f"compare names {config['run']!r}, this run itself; name others")
    for name in config["reduction"]["spaces"]:
        _check_named(name, spaces(config), "reduction.spaces", "space")
    for name in config["reduction"]["clusterers"]:
        _check_named(name, kinds.kinds("clusterers"), "reduction.clusterers", "clusterer")
    _check_named(config["tuning"]["space"], spaces(config), "tuning.space", "space")
    if (space := config["few_labels"]["space"]) is not None:
        _check_named(space, spaces(config), "few_labels.space", "space")
        if condition(config, space) in ("genre", "taught"):
            raise ConfigError(
                f"few_labels.space is {space!r}, which was told the genres; allowed: a space that "
                "was told none"
            )
    _check_assign(config)
    _check_panels(config)
    _check_other_figures(config)


def spaces(config: dict) -> dict[str, dict]:
    """The configured spaces; one that a layer set to null is switched off."""
    return {name: row for name, row in config["spaces"].items() if row is not None}


def family_of(kind: str, where: str = "kind") -> str:
    """Which family of spaces (`blocks`, `transforms`, `networks`) a kind belongs to."""
    for family in SPACE_FAMILIES:
        if kind in kinds.kinds(family):
            return family
    known = [kind for family in SPACE_FAMILIES for kind in kinds.kinds(family)]
    raise ConfigError(f"{where} is {kind!r}; allowed: {', '.join(known)}{_guess(kind, known)}")


def names_of(config: dict, family: str) -> list[str]:
    """Names of the configured spaces whose kind belongs to `family`."""
    return [name for name, row in spaces(config).items() if family_of(row["kind"]) == family]


def parents(config: dict, name: str) -> list[str]:
    """The spaces that a space is made from, in order."""
    of = spaces(config)[name].get("of", [])
    return [of] if isinstance(of, str) else list(of)


def lineage(config: dict, name: str) -> Iterator[str]:
    """A space and everything that it is made from."""
    yield name
    for parent in parents(config, name):
        yield from lineage(config, parent)


def ordered(config: dict, names: list[str]) -> list[str]:
    """These spaces and everything that they are made from, each after what it is made from."""
    steps = [step for name in names for step in reversed(list(lineage(config, name)))]
    return list(dict.fromkeys(steps))


def repeated(config: dict) -> set[str]:
    """The spaces that numbers are taken from, and what these are made of: they need every seed.

    Of the others, maps to look at, the first seed is all that anybody sees.
    """
    reduced = [
        transformed(config, space, kind)
        for space in config["reduction"]["spaces"]
        for kind in REDUCTIONS
    ]
    names = [
        *(REFERENCE_SPACE, *(method["space"] for method in config["methods"])),
        *(*config["reduction"]["spaces"], *filter(None, reduced), *names_of(config, "networks")),
        *(config["tuning"]["space"], *filter(None, [config["few_labels"]["space"]])),
    ]
    return set(ordered(config, names))


def truth(config: dict, name: str) -> list[str]:
    """Where the true neighbours in a space are told: itself, or what a map was made from.

    A map is what can only be made as a whole: a transform that places no further tracks.
    """
    row = spaces(config)[name]
    if row["kind"] not in kinds.kinds("transforms") or kinds.defines(
        "transforms", row["kind"], "place"
    ):
        return [name]
    return [of for parent in parents(config, name) for of in truth(config, parent)]


def differs(config: dict, made: dict) -> str | None:
    """A key that makes `config` place tracks elsewhere than the configuration a run was made by."""
    for key in ("seed", "k", "text", "methods"):
        if config[key] != made[key]:
            return key
    for key in ("clip_seconds", "min_seconds", "segments", "from"):
        if config["audio"][key] != made["audio"][key]:
            return f"audio.{key}"
    names = ordered(made, [method["space"] for method in made["methods"]])
    return next(
        (f"spaces.{name}" for name in names if spaces(config).get(name) != spaces(made)[name]),
        None,
    )


def need_sound(config: dict) -> list[str]:
    """The spaces that cannot be made of feature tables."""
    rows = spaces(config)
    return [
        name for name in rows if any(_needs_sound(rows[step]) for step in lineage(config, name))
    ]


def without(config: dict, names: list[str]) -> dict:
    """What changes of a configuration that is to have neither these spaces nor their methods."""
    return {
        "spaces": config["spaces"] | dict.fromkeys(names),
        "methods": [row for row in config["methods"] if row["space"] not in names],
    }


def _needs_sound(row: dict) -> bool:
    """Whether a space is made of what feature tables cannot stand for."""
    if kinds.declared(family_of(row["kind"]), row["kind"], "NEEDS_SOUND"):
        return True
    return not all(kinds.declared("descriptors", name, "TABLES") for name in row.get("sets", []))


def condition(config: dict, *of: str, then: Iterable[dict] = ()) -> str:
    """What the steps on the way to these spaces are told: a label, ELSEWHERE or none.

    ELSEWHERE are other data, and `taught` are genres, for a kind that learns from nothing else (see
    `conditions.effective`). `then` are rows of further steps, as of a method.
    """
    steps = [spaces(config)[name] for space in of for name in lineage(config, space)]
    found = {step.get(setting, "none") for step in (*steps, *then) for setting in TOLD_BY}
    if any(_is_taught(step) for step in steps):
        found.add("taught")
    if any(_is_pretrained(step) for step in steps):
        found.add(kinds.ELSEWHERE)
    order = ("genre", "taught", kinds.ELSEWHERE, "language")
    return next((label for label in order if label in found), "none")


def _is_taught(row: dict) -> bool:
    """Whether a space is made by a kind that is told genres whatever its settings."""
    return kinds.declared(family_of(row["kind"]), row["kind"], "TOLD") == "genre"


def _is_pretrained(row: dict) -> bool:
    """Whether a model that was trained on other data made a space."""
    family = family_of(row["kind"])
    taken_as = kinds.settings(family, row["kind"], row).get("pretrained", False)
    return taken_as or bool(kinds.declared(family, row["kind"], "PRETRAINED"))


def transformed(config: dict, space: str, kind: str) -> str | None:
    """The configured space that is another one transformed by a kind at its defaults, if any."""
    wanted = kind, [space], kinds.settings("transforms", kind, {})
    for name in names_of(config, "transforms"):
        row = spaces(config)[name]
        settings = kinds.settings("transforms", row["kind"], row)
        if (row["kind"], parents(config, name), settings) == wanted:
            return name
    return None


def level(config: dict, *of: str) -> str:
    """What has a vector of its own in spaces, or in some one that is made of them: CLIP or SONG.

    Songs have one where clips are pooled, and in whatever is made of such spaces alone.
    """
    return SONG if of and all(_is_of_songs(config, space) for space in of) else CLIP


def _is_of_songs(config: dict, space: str) -> bool:
    kind = spaces(config)[space]["kind"]
    declared = kinds.declared(family_of(kind), kind, "LEVEL") == SONG
    return declared or level(config, *parents(config, space)) == SONG


def label(config: dict, method: dict) -> str:
    """What a method is called in tables and figures: its label, with its level if that is SONG."""
    told = f" ({SONG} level)" if level(config, method["space"]) == SONG else ""
    return method["label"] + told


def told(config: dict, space: str, then: Iterable[dict] = ()) -> str:
    """What a space is by being told a label, in the words of `TOLD_BY`; nothing if it is not.

    `then` are rows of further steps, as of a method.
    """
    steps = [*(spaces(config)[name] for name in lineage(config, space)), *then]
    return ", ".join(
        word
        for setting, word in TOLD_BY.items()
        if any(step.get(setting, "none") != "none" for step in steps)
    )


def table_k(config: dict) -> int:
    """Table 2's number of clusters: the first of `k` that is a number."""
    return next(k for k in config["k"] if not isinstance(k, str))


def told_auto(config: dict) -> list[str]:
    """Names of the methods that are told a number of clusters chosen for their space."""
    return [
        row["name"]
        for row in config["methods"]
        if AUTO in config["k"] and kinds.declared("clusterers", row["clusterer"], "NEEDS_K")
    ]


def seeds(config: dict) -> list[int]:
    """The seeds of the run: `seeds` consecutive numbers from `seed`."""
    return list(range(config["seed"], config["seed"] + config["seeds"]))


def is_hub_name(model: str) -> bool:
    """Whether a text model is named as on the Hugging Face hub: `owner/name[@revision]`."""
    return bool(re.fullmatch(r"[\w.-]+/[\w.-]+(@[\w.-]+)?", model))


def slug(model: str) -> str:
    """The name of a hub's model as the name of one file."""
    return model.replace("/", "--")


def _check_schema(value, schema: dict, where: str) -> None:
    validator = jsonschema.Draft202012Validator(schema)
    # The error nearest to the top speaks of the cause; deeper ones are often its consequences.
    error = min(validator.iter_errors(value), key=lambda e: len(e.absolute_path), default=None)
    if error is None:
        return
    key = where
    for part in error.absolute_path:
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else str(part)
    raise ConfigError(_sentence(error, key or "the configuration"))


def _sentence(error: jsonschema.ValidationError, key: str) -> str:
    value, schema = error.instance, error.schema
    if error.validator == "additionalProperties":
        known = list(schema["properties"])
        unknown = next(name for name in value if name not in known)
        return f"{key}: unknown key {unknown!r}{_guess(unknown, known)}; known: {', '.join(known)}"
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in value)
        return f"{key}: the key {missing!r} is missing"
    if error.validator == "type" and isinstance(value, str) and _is_number(value):
        return f"{key} is the text {value!r}, not a number: YAML reads 1e-3 as text, write 0.001"
    return f"{key} is {value!r}; allowed: {allowed(schema)}"


def allowed(schema: dict) -> str:
    """What a JSON schema of one setting allows, in words."""
    if "description" in schema:
        return schema["description"]
    if "anyOf" in schema:
        return ", or ".join(allowed(option) for option in schema["anyOf"])
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"a list, each item {allowed(schema.get('items', {}))}"
    limits = [f"{word} {schema[key]}" for key, word in LIMITS.items() if key in schema]
    return " ".join([TYPES.get(schema.get("type"), "anything"), *limits])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _guess(word: str, known) -> str:
    close = difflib.get_close_matches(str(word), known, n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _check_sources(sources: list[dict]) -> None:
    names = [source["name"] for source in sources]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ConfigError(f"sources: two are named {twice!r}; names must be unique")
    for source in sources:
        if ("path" in source) == ("dataset" in source):
            raise ConfigError(f"sources: {source['name']!r} needs either a path or a dataset")
        try:
            re.compile(source.get("song", ""))
        except re.error as error:
            raise ConfigError(
                f"sources: the song of {source['name']!r} is {source['song']!r}, which is no "
                f"regular expression: {error}"
            ) from None


def _check_clip(audio: dict) -> None:
    shortest, clip = audio["min_seconds"], audio["clip_seconds"]
    if shortest > clip:
        raise ConfigError(
            f"audio.min_seconds is {shortest}, more than audio.clip_seconds, {clip}: every clip "
            "would be too short"
        )


def _check_kind(row: dict, family: str, kind: str, where: str, fixed: set[str]) -> None:
    schemas = kinds.schemas(family, kind)
    schema = {
        "properties": {name: {} for name in sorted(fixed)} | schemas,
        "required": [name for name, schema in schemas.items() if "default" not in schema],
        "additionalProperties": False,
    }
    _check_schema(row, schema, where)


def _check_parents(config: dict, name: str, row: dict, family: str) -> None:
    of = row.get("of")
    if family == "blocks":
        if of is not None:
            raise ConfigError(f"spaces.{name}.of: a {row['kind']} block is made from no space")
        return
    several = kinds.declared(family, row["kind"], "SEVERAL")
    if several != isinstance(of, list) or not of:
        wanted = "a list of spaces" if several else "the name of one space"
        raise ConfigError(f"spaces.{name}.of is {of!r}; allowed: {wanted}")
    for parent in parents(config, name):
        _check_named(parent, spaces(config), f"spaces.{name}.of", "space")
    _check_acyclic(config, name, ())


def _check_acyclic(config: dict, name: str, seen: tuple[str, ...]) -> None:
    if name in seen:
        raise ConfigError(f"spaces.{name} is made from itself: {' <- '.join((*seen, name))}")
    for parent in parents(config, name):
        _check_acyclic(config, parent, (*seen, name))


def _check_methods(config: dict) -> None:
    rows = config["methods"]
    names = [row["name"] for row in rows]
    for number, row in enumerate(rows):
        where = f"methods[{number}] ({row['name']})"
        if names.count(row["name"]) > 1:
            raise ConfigError(f"{where}: two methods have this name")
        if [other["label"] for other in rows].count(row["label"]) > 1:
            raise ConfigError(f"{where}: two methods have the label {row['label']!r}")
        _check_named(row["space"], spaces(config), where, "space")
        _check_named(row["clusterer"], kinds.kinds("clusterers"), where, "clusterer")
        fixed = {"name", "label", "task", "space", "clusterer"}
        _check_kind(row, "clusterers", row["clusterer"], where, fixed)


def _check_assign(config: dict) -> None:
    name = config["assign"]["name"]
    if config["assign"]["after"] == name:
        raise ConfigError(f"assign.after is {name!r}, this batch itself; name an earlier one")
    if name in [source["name"] for source in config["sources"]]:
        raise ConfigError(f"assign.name is {name!r}, which a source of the run is called already")


def _check_panels(config: dict) -> None:
    methods = [row["name"] for row in config["methods"]]
    for number, panel in enumerate(config["figures"]["umap_panel"]):
        where = f"figures.umap_panel[{number}]"
        _check_named(panel["map"], spaces(config), f"{where}.map", "space")
        row = spaces(config)[panel["map"]]
        family = family_of(row["kind"])
        if kinds.settings(family, row["kind"], row).get("dimensions") != 2:
            raise ConfigError(f"{where}.map is {panel['map']!r}; a map has two dimensions")
        if panel["colour"] not in (*methods, "language", "genre"):
            raise ConfigError(
                f"{where}.colour is {panel['colour']!r}; allowed: language, genre or a method"
                f"{_guess(panel['colour'], methods)}"
            )


def _check_other_figures(config: dict) -> None:
    where = "figures.reconstructions.networks"
    networks = config["figures"]["reconstructions"]["networks"]
    known = names_of(config, "networks")
    for name in networks:
        if name not in known:
            raise ConfigError(
                f"{where} names {name!r}, which is no network{_guess(name, known)}; "
                f"known: {', '.join(known)}"
            )
    original = parents(config, networks[0])[:1]
    if any(parents(config, name) != original for name in networks):
        raise ConfigError(f"{where}: all must reconstruct the same space, and they do not")
    name = config["figures"]["genre_distribution"]["method"]
    methods = [row["name"] for row in config["methods"]]
    _check_named(name, methods, "figures.genre_distribution.method", "method")


def cultural(config: dict) -> list[str]:
    """What sentences say that is of the set of descriptors `culture`, and not of the features."""
    said = kinds.declared("descriptors", "culture", "SAID")
    return [name for name in config["text"]["descriptors"] if name in said]


def _check_named(name: str, known, where: str, noun: str) -> None:
    if name not in known:
        raise ConfigError(
            f"{where} names the unknown {noun} {name!r}{_guess(name, known)}; "
            f"known: {', '.join(known)}"
        )
