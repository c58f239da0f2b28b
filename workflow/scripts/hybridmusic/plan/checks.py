"""Checks of a configuration before any job starts: every mistake, each in one sentence.

A sentence names the key, the value and what is allowed. Settings of kinds are declared by their
modules (see `hybridmusic.kinds`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import jsonschema

from hybridmusic import kinds
from hybridmusic.errors import ConfigError
from hybridmusic.plan import contracts, modules, parts, words
from hybridmusic.plan import spaces as facts
from hybridmusic.terms import GENRE, SUPERVISED
from hybridmusic.tracks import files

# Sections whose rows are checked one by one: a row with a mistake does not hide those of others.
ROWS = ("sources", "spaces", "baselines", "methods")
# A space that stands in for one with a mistake, so that other rows may still name it.
STAND_IN = {"kind": "mfcc"}


def check(config: dict, schema: dict) -> None:
    """Raise ConfigError with every mistake of `config`, a line each.

    `schema` is the JSON schema of everything but the settings of kinds.
    """
    if found := list(dict.fromkeys(mistakes(config, schema))):
        raise ConfigError("\n".join(found))


def mistakes(config: dict, schema: dict) -> Iterator[str]:
    """Yield every mistake of a configuration as a sentence.

    A check is left out where the form of what it reads is wrong, for its sentences would mislead.
    """
    malformed = list(_malformed(config, schema))
    yield from (sentence for _, sentence in malformed)
    broken = {path[0] for path, _ in malformed if path and (path[0] not in ROWS or len(path) == 1)}
    sound = _without(config, [path for path, _ in malformed if len(path) > 1])
    if not broken & {"spaces", "audio"}:
        for name, sentence in _spaces(sound):
            sound["spaces"] = sound["spaces"] | {name: STAND_IN}
            yield sentence
    for sections, check_section in CHECKS:
        if not broken & set(sections):
            yield from check_section(sound)
    yield from parts.mistakes_of_figures()


def _without(config: dict, paths: list[tuple]) -> dict:
    """Return the configuration without the rows at these paths; spaces are replaced by STAND_IN."""
    sound = dict(config)
    lost = {path[:2] for path in paths}
    for section in ("sources", "baselines", "methods"):
        if isinstance(config[section], list):
            rows = enumerate(config[section])
            sound[section] = [row for number, row in rows if (section, number) not in lost]
    names = [name for section, name in lost if section == "spaces"]
    if names:
        sound["spaces"] = config["spaces"] | dict.fromkeys(names, STAND_IN)
    return sound


def _malformed(value, schema: dict, where: str = "") -> Iterator[tuple[tuple, str]]:
    """Yield the path and the sentence of everything that a JSON schema does not allow."""
    validator = jsonschema.Draft202012Validator(schema)
    seen = set()
    # The error nearest to the top names the cause; deeper ones are often its consequences.
    for error in sorted(validator.iter_errors(value), key=lambda e: len(e.absolute_path)):
        path = tuple(error.absolute_path)
        key = where
        for part in path:
            key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else str(part)
        for sentence in _sentences(error, key or "the configuration"):
            if (path, error.validator) not in seen or error.validator in LISTING:
                yield path, sentence
        seen.add((path, error.validator))


# Keywords whose errors name several keys of the same mapping.
LISTING = ("additionalProperties", "required", "propertyNames")


def _sentences(error: jsonschema.ValidationError, key: str) -> Iterator[str]:
    value, schema = error.instance, error.schema
    if error.validator == "additionalProperties":
        known = list(schema["properties"])
        for name in value:
            if name not in known:
                yield (
                    f"{key}: unknown key {name!r}{words.guess(name, known)}; "
                    f"known: {', '.join(known)}"
                )
    elif error.validator == "required":
        name = next(name for name in error.validator_value if f"'{name}'" in error.message)
        yield f"{key}: the key {name!r} is missing"
    elif error.validator == "type" and isinstance(value, str) and _is_number(value):
        yield f"{key} is the text {value!r}, not a number: YAML reads 1e-3 as text, write 0.001"
    else:
        yield f"{key} is {value!r}; allowed: {words.allowed(schema)}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _spaces(config: dict) -> Iterator[tuple[str, str]]:
    """Yield the name of each space with a mistake, and the sentence."""
    spaces = facts.spaces(config)
    for name, row in spaces.items():
        where = f"spaces.{name}"
        try:
            family = facts.family_of(row["kind"], f"{where}.kind")
        except ConfigError as error:
            yield name, str(error)
            continue
        found = [
            *_settings(row, family, row["kind"], where, {"kind", "of"}),
            *_parents(config, name, row, family),
            *(
                f"{where}.sets names {unread!r}, which audio.also does not describe the clips by: "
                "add it there"
                for unread in row.get("sets", [])
                if isinstance(row["sets"], list) and unread not in config["audio"]["also"]
            ),
        ]
        yield from ((name, sentence) for sentence in found)
    for name in spaces:
        if circle := _circle(spaces, name):
            yield name, f"spaces.{name} is made from itself: {' <- '.join(circle)}"


def _settings(row: dict, family: str, kind: str, where: str, fixed: set[str]) -> Iterator[str]:
    """Yield mistakes of a row in what its kind can be set to, and of the kind's own module."""
    if found := contracts.mistakes(family, kind):
        yield from found
        return
    schemas = kinds.schemas(family, kind)
    schema = {
        "properties": {name: {} for name in sorted(fixed)} | schemas,
        "required": [name for name, schema in schemas.items() if "default" not in schema],
        "additionalProperties": False,
    }
    yield from (sentence for _, sentence in _malformed(row, schema, where))


def _parents(config: dict, name: str, row: dict, family: str) -> Iterator[str]:
    of = row.get("of")
    if family == "blocks":
        if of is not None:
            yield f"spaces.{name}.of: a {row['kind']} block is made from no space"
        return
    several = kinds.declared(family, row["kind"], "SEVERAL")
    if several != isinstance(of, list) or not of:
        wanted = "a list of spaces" if several else "the name of one space"
        yield f"spaces.{name}.of is {of!r}; allowed: {wanted}"
        return
    known = facts.spaces(config)
    for parent in facts.parents(config, name):
        if parent not in known:
            yield _absent(config, parent, f"spaces.{name}.of")


def _absent(config: dict, name: str, where: str) -> str:
    """Return the sentence for a space that is switched off or unknown."""
    if name in config["spaces"]:
        return f"{where} names the space {name!r}, which is switched off"
    return words.unknown(name, facts.spaces(config), where, "space")


def _circle(spaces: dict[str, dict], name: str) -> list[str]:
    """Return the path from a space to itself through its parents, if there is one."""
    pending = [[name]]
    visited = set()
    while pending:
        path = pending.pop()
        of = spaces.get(path[-1], {}).get("of") or []
        for parent in [of] if isinstance(of, str) else of:
            if parent == name:
                return [*path, parent]
            if parent not in visited:
                visited.add(parent)
                pending.append([*path, parent])
    return []


def _repeated(section: str, key: str, values: list[str]) -> Iterator[str]:
    for value in dict.fromkeys(value for value in values if values.count(value) > 1):
        yield f"{section}: two have the {key} {value!r}; every {key} must be unique"


def _sources(config: dict) -> Iterator[str]:
    yield from _repeated("sources", "name", [source["name"] for source in config["sources"]])
    for source in config["sources"]:
        if ("path" in source) == ("dataset" in source):
            yield f"sources: {source['name']!r} needs either a path or a dataset"
        try:
            re.compile(source.get("song", ""))
        except re.error as error:
            yield (
                f"sources: the song of {source['name']!r} is {source['song']!r}, which is no "
                f"regular expression: {error}"
            )


def _audio(config: dict) -> Iterator[str]:
    audio = config["audio"]
    if audio["min_seconds"] > audio["clip_seconds"]:
        yield (
            f"audio.min_seconds is {audio['min_seconds']}, more than audio.clip_seconds, "
            f"{audio['clip_seconds']}: every clip would be too short"
        )
    for name in audio["also"]:
        if name in kinds.kinds("descriptors"):
            yield from contracts.mistakes("descriptors", name)
        else:
            yield words.unknown(
                name, kinds.kinds("descriptors"), "audio.also", "set of descriptors"
            )


def _text(config: dict) -> Iterator[str]:
    if "culture" not in config["audio"]["also"]:
        for name in cultural(config):
            yield (
                f"text.descriptors names {name!r}, which is of the set of descriptors culture: "
                "add culture to audio.also"
            )


def cultural(config: dict) -> list[str]:
    """Return the descriptors of sentences that are of the set `culture`, not of the features."""
    said = kinds.declared("descriptors", "culture", "SAID")
    return [name for name in config["text"]["descriptors"] if name in said]


def _methods(config: dict) -> Iterator[str]:
    rows = {
        f"{section}[{number}] ({row['name']})": row
        for section in ("baselines", "methods")
        for number, row in enumerate(config[section])
    }
    for key in ("name", "label"):
        yield from _repeated("methods", key, [row[key] for row in rows.values()])
    known, clusterers = facts.spaces(config), kinds.kinds("clusterers")
    for where, row in rows.items():
        if row["space"] not in known:
            yield _absent(config, row["space"], where)
        if row["clusterer"] not in clusterers:
            yield words.unknown(row["clusterer"], clusterers, where, "clusterer")
            continue
        fixed = {"name", "label", "task", "space", "clusterer"}
        yield from _settings(row, "clusterers", row["clusterer"], where, fixed)


def _numbers(config: dict) -> Iterator[str]:
    methods = config["baselines"] + config["methods"]
    if methods and all(isinstance(k, str) for k in config["k"]):
        yield f"k is {config['k']!r}; the tables need at least one number"


def _shown(config: dict) -> Iterator[str]:
    known = facts.spaces(config)
    for name in config["show"]:
        if name not in known:
            yield _absent(config, name, "show")


def _references(config: dict) -> Iterator[str]:
    """Check names of spaces in the settings of results; those that are switched off are allowed."""
    named = {
        "reference": [config["reference"]],
        "reduction.spaces": config["reduction"]["spaces"],
        "tuning.space": [config["tuning"]["space"]],
        "few_labels.space": [config["few_labels"]["space"]],
    }
    known = config["spaces"]
    for where, names in named.items():
        for name in names:
            if name is not None and name not in known:
                yield words.unknown(name, known, where, "space")


def _tuning(config: dict) -> Iterator[str]:
    most, epochs = (config["tuning"][name] for name in ("plateau_epochs", "epochs"))
    if most is not None and most < epochs:
        yield (
            f"tuning.plateau_epochs is {most}; allowed: at least the {epochs} of tuning.epochs, or "
            "nothing"
        )


def _studies(config: dict) -> Iterator[str]:
    for name in config["studies"]:
        if name in modules.studies():
            yield from parts.mistakes_of_study(name)
        else:
            yield words.unknown(name, modules.studies(), "studies", "study")
    for name in config["reduction"]["clusterers"]:
        if name in kinds.kinds("clusterers"):
            yield from contracts.mistakes("clusterers", name)
        else:
            yield words.unknown(
                name, kinds.kinds("clusterers"), "reduction.clusterers", "clusterer"
            )
    space = config["few_labels"]["space"]
    if space in facts.spaces(config) and facts.condition(config, space) in (GENRE, SUPERVISED):
        yield (
            f"few_labels.space is {space!r}, which is conditioned on genre; allowed: a space that "
            "no genre influenced"
        )
    if config["run"] in config["compare"]:
        yield f"compare names {config['run']!r}, this run itself; name others"


def _assign(config: dict) -> Iterator[str]:
    name = config["assign"]["name"]
    if config["assign"]["after"] == name:
        yield f"assign.after is {name!r}, this batch itself; name an earlier one"
    if name in [source["name"] for source in config["sources"]]:
        yield f"assign.name is {name!r}, which a source of the run is called already"


def _intact(config: dict) -> set[str]:
    """Return the names of the spaces without a mistake, whose kinds are certain."""
    return {name for name, row in facts.spaces(config).items() if row is not STAND_IN}


def _panels(config: dict) -> Iterator[str]:
    known = _intact(config)
    for number, panel in enumerate(config["figures"]["umap_panel"]):
        where = f"figures.umap_panel[{number}].map"
        if panel["map"] in known and facts.settings(config, panel["map"]).get("dimensions") != 2:
            yield f"{where} is {panel['map']!r}; a map has two dimensions"


def _reconstructions(config: dict) -> Iterator[str]:
    figure = config["figures"]["reconstructions"]
    known = _intact(config)
    networks = [name for name in figure["networks"] if name in known] if figure else []
    others = [name for name in networks if name not in facts.names_of(config, "networks")]
    where = "figures.reconstructions.networks"
    for name in others:
        yield (
            f"{where} names {name!r}, which is no network; "
            f"known: {', '.join(facts.names_of(config, 'networks'))}"
        )
    inputs = {tuple(facts.parents(config, name)) for name in networks if name not in others}
    if len(inputs) > 1 or any(len(parents) > 1 for parents in inputs):
        yield f"{where}: all must reconstruct the same space, and they do not"


# The sections that each check reads, and the check.
CHECKS = (
    (("sources",), _sources),
    (("audio",), _audio),
    (("text", "audio"), _text),
    (("spaces", "audio", "baselines", "methods"), _methods),
    (("baselines", "methods", "k"), _numbers),
    (("spaces", "show"), _shown),
    (("spaces", "reference", "reduction", "tuning", "few_labels"), _references),
    (("tuning",), _tuning),
    (("spaces", "audio", "studies", "reduction", "few_labels", "run", "compare"), _studies),
    (("assign", "sources"), _assign),
    (("spaces", "audio", "figures"), _panels),
    (("spaces", "audio", "figures"), _reconstructions),
)


def is_hub_name(model: str) -> bool:
    """Whether a model is named as on the Hugging Face hub: `owner/name[@revision]`."""
    return bool(re.fullmatch(r"[\w.-]+/[\w.-]+(@[\w.-]+)?", model))


def missing_files(config: dict) -> Iterator[str]:
    """Yield a sentence for every source, model and file that is not where the configuration says.

    A path is relative to the working directory.
    """
    for source in config["sources"]:
        yield from filter(None, (files.mistake(source), files.mistake_of_metadata(source)))
    models = {"text.model": config["text"]["model"]} | {
        f"spaces.{name}.model": row["model"]
        for name, row in facts.spaces(config).items()
        if row["kind"] == "pretrained"
    }
    for where, model in models.items():
        if model != "bundled" and not is_hub_name(model) and not Path(model).is_dir():
            yield f"{where} is {model!r}: there is no such folder, and it is no model on the hub"
    for name, row in facts.spaces(config).items():
        if row["kind"] == "external" and not Path(row["path"]).is_file():
            yield f"spaces.{name}.path is {row['path']!r}: there is no such file"
