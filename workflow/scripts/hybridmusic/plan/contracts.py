"""Contracts of plug-ins: what a module of each family must and may define.

Modules are parsed and not imported, so every mistake is a sentence before any job starts.
docs/plugins.md explains the contracts and has a template of each.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

import jsonschema
from jsonschema import Draft202012Validator

from hybridmusic import kinds
from hybridmusic.errors import ConfigError
from hybridmusic.plan import spaces as facts
from hybridmusic.plan import words
from hybridmusic.terms import GENRE, LANGUAGE, NONE, SONG


@dataclass(frozen=True)
class Attribute:
    """A constant at the top of a module: the JSON schema of its value, and that in words."""

    allowed: str
    schema: dict
    required: bool = False
    is_literal: bool = True  # whether it must be written out, so that it can be read by parsing


@dataclass(frozen=True)
class Function:
    """A function or method: its first parameters, and "..." if others may follow."""

    signature: str
    required: bool = False

    @property
    def others(self) -> bool:
        """Whether other parameters may follow."""
        return self.signature.endswith("...")

    @property
    def parameters(self) -> tuple[str, ...]:
        """The first parameters, in order."""
        return tuple(re.findall(r"\w+", self.signature))


@dataclass(frozen=True)
class Contract:
    """What a module of a family must and may define."""

    attributes: dict[str, Attribute]
    functions: dict[str, Function] = field(default_factory=dict)
    methods: dict[str, Function] = field(default_factory=dict)  # of its class Network


def _tuple(*names: str) -> dict:
    return {"type": "array", "items": {"enum": list(names)}}


def _objects(values: str) -> dict:
    return {"type": "object", "additionalProperties": {"type": values}}


TRUTH = Attribute("True or False", {"type": "boolean"})
CHOICE = replace(TRUTH, required=True)
# Transforms get no other columns, because a path or a title may contain the genre.
READS, NEEDS = ("features", "sentences", "embeddings"), ("song", "unit", LANGUAGE, GENRE)
ATTRIBUTES = {
    "READS": Attribute(f"a tuple of {', '.join(READS)}", _tuple(*READS), required=True),
    "NEEDS": Attribute(f"a tuple of {', '.join(NEEDS)}", _tuple(*NEEDS)),
    "SETTINGS": Attribute("a dictionary of JSON schemas by setting", _objects("object")),
    **dict.fromkeys(("NEEDS_SOUND", "PRETRAINED", "CENTROIDS", "TABLES"), TRUTH),
    **dict.fromkeys(("SEVERAL", "RANDOM", "NEEDS_K"), CHOICE),
    "LEARNS_FROM": Attribute(repr(GENRE), {"const": GENRE}),
    "LEVEL": Attribute(repr(SONG), {"const": SONG}),
    "GRAPH": Attribute("the name of a setting: the number of neighbours", {"type": "string"}),
    "GRAPH_IF": Attribute(
        "a dictionary of settings, or False", {"anyOf": [{"type": "object"}, {"const": False}]}
    ),
    "RULE": Attribute("text or None", {"type": ["string", "null"]}),
    "BEYOND": Attribute("text", {"type": "string"}),
    "GROUPS": Attribute("a dictionary of lists of names", _objects("array"), True, False),
    "ASIDE": Attribute("a tuple of names", {"type": "array"}, is_literal=False),
}


def _contract(attributes: str, *functions: dict[str, Function], **methods) -> Contract:
    return Contract({name: ATTRIBUTES[name] for name in attributes.split()}, *functions, **methods)


CONTRACTS = {
    "blocks": _contract(
        "READS SETTINGS NEEDS_SOUND PRETRAINED",
        {"block": Function("...", True), "place": Function("old, new, ...")},
    ),
    "transforms": _contract(
        "SEVERAL RANDOM SETTINGS NEEDS LEARNS_FROM LEVEL GRAPH",
        {
            "transform": Function("x, seed, ...", True),
            "place": Function("old, new, ..."),
            "warm_up": Function(""),
        },
    ),
    "networks": _contract(
        "SEVERAL SETTINGS LEARNS_FROM GRAPH",
        methods={
            "__init__": Function("n_features, n_conditions, draws, ...", True),
            "encode": Function("x, condition", True),
            "decode": Function("z, condition", True),
            "prepare": Function("x, units"),
            "loss": Function("batch"),
            "attention": Function("x"),
        },
    ),
    "clusterers": _contract(
        "RANDOM NEEDS_K SETTINGS GRAPH GRAPH_IF RULE CENTROIDS BEYOND",
        {"cluster": Function("x, k, seed, ...", True), "place": Function("x, clusters, new, ...")},
    ),
    "descriptors": _contract("GROUPS ASIDE TABLES", {"describe": Function("sound", True)}),
    "figures": _contract("", {"draw": Function("...", True)}),
}
# Settings of a block whose values the block gets as a table instead.
TABLES = {"sets": "descriptors", "path": "vectors", "model": "vectors"}
# Settings of a network that training uses, in addition to those of all networks.
OF_TRAINING = ("beta", "labels", "positives", "metric", *facts.LABEL_SETTINGS)
# The only values of two settings, which choose neighbours.
LIMITS = {"balance": (NONE, LANGUAGE), "metric": ("euclidean", "cosine")}

# An array in Python is a tuple or a list.
TYPES = Draft202012Validator.TYPE_CHECKER
TYPES = TYPES.redefine("array", lambda _, value: isinstance(value, list | tuple))
Validator = jsonschema.validators.extend(Draft202012Validator, type_checker=TYPES)


@cache
def mistakes(family: str, kind: str) -> list[str]:
    """Return a sentence for every mistake in a module of one of CONTRACTS."""
    try:
        sentences = [*_pieces(family, kind)]
        if not sentences and family in kinds.FAMILIES:
            sentences = [*_relations(family, kind)]
    except ConfigError as error:
        return [str(error)]
    return [f"{family}/{kind}.py: {sentence}" for sentence in sentences]


def _pieces(family: str, kind: str) -> Iterator[str]:
    """Yield what is missing, misspelt or of another type, piece by piece."""
    contract, defined = CONTRACTS[family], kinds.definitions(family, kind)
    known = [*contract.attributes, *contract.functions, *(["Network"] if contract.methods else [])]
    meant = _meant(defined, known)
    for name, attribute in contract.attributes.items():
        allowed = f"allowed: {attribute.allowed}"
        try:
            value = kinds.declared(family, kind, name)
        except ConfigError:
            if attribute.is_literal:
                yield f"{name} must be written out, not computed; {allowed}"
            continue
        if name not in defined:
            if attribute.required and name not in meant.values():
                yield f"{name} is missing; {allowed}"
        elif not Validator(attribute.schema).is_valid(value):
            yield f"{name} is {value!r}; {allowed}"
    yield from _functions(defined, contract.functions, meant, "")
    network = defined.get("Network")
    if contract.methods and isinstance(network, ast.ClassDef):
        own = _methods(network)
        meant = _meant(own, contract.methods)
        # Another network as base class may define the others.
        is_plain = {*map(ast.unparse, network.bases)} <= {"nn.Module", "torch.nn.Module"}
        methods = {n: m for n, m in contract.methods.items() if is_plain or n in own}
        yield from _functions(own, methods, meant, "Network.")
    elif contract.methods and (network is not None or "Network" not in meant.values()):
        yield "the class Network is missing"


def _meant(defined: Collection[str], known: Collection[str]) -> dict[str, str]:
    """Map each misspelt definition to the absent name of the contract that it nearly has."""
    meant = {}
    for name in defined:
        absent = [n for n in known if n not in defined and n.isupper() == name.isupper()]
        close = difflib.get_close_matches(name, absent, n=1, cutoff=0.75)
        if close and name not in known and not name.startswith("_"):
            meant[name] = close[0]
    return meant


def _functions(
    defined: dict[str, ast.AST], functions: dict[str, Function], meant: dict[str, str], prefix: str
) -> Iterator[str]:
    """Yield names that are misspelt, and functions that are missing or have other parameters."""
    for name, other in meant.items():
        yield f"{prefix}{name} is not known (did you mean {other!r}?)"
    for name, function in functions.items():
        node, call = defined.get(name), f"{prefix}{name}({function.signature})"
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
            names, n = names[bool(prefix) :], len(function.parameters)
            is_longer = bool(names[n:] or node.args.kwonlyargs) and not function.others
            if tuple(names[:n]) != function.parameters or is_longer:
                yield f"{prefix}{name} takes {', '.join(names) or 'nothing'}; allowed: {call}"
        elif node is not None or (function.required and name not in meant.values()):
            yield f"the {'method' if prefix else 'function'} {call} is missing"


def _methods(network: ast.ClassDef) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in network.body if isinstance(node, ast.FunctionDef)}


def _relations(family: str, kind: str) -> Iterator[str]:
    """Yield what does not fit together in a module whose pieces are right."""
    for other in facts.FAMILIES:
        if other != family and family in facts.FAMILIES and kind in kinds.kinds(other):
            yield f"{other}/{kind}.py has the same name; rename one of them"
    settings = kinds.schemas(family, kind)
    for name, schema in settings.items():
        yield from _setting(name, schema)
    for attribute in ("GRAPH", "GRAPH_IF"):
        value = kinds.declared(family, kind, attribute) or ()
        for name in [value] if isinstance(value, str) else value:
            if name not in settings:
                yield (
                    f"{attribute} names {name!r}, which is not a setting"
                    f"{words.guess(name, settings)}; known: {', '.join(settings)}"
                )
    yield from _labels(family, kind, settings)
    yield from _arguments(family, kind, settings)
    if family == "networks":
        yield from _network(kind, settings)
    if family == "clusterers":
        if kinds.defines(family, kind, "place") != bool(kinds.declared(family, kind, "RULE")):
            yield "RULE in words and the function place belong together; one of them is missing"
        if {"GRAPH", "GRAPH_IF"} & {*kinds.definitions(family, kind)} == {"GRAPH_IF"}:
            yield "GRAPH_IF needs GRAPH, which is missing"


def _setting(name: str, schema: dict) -> Iterator[str]:
    try:
        Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        yield f"SETTINGS[{name!r}] is not a JSON schema: {error.message}"
        return
    if "default" in schema and not Validator(schema).is_valid(schema["default"]):
        yield f"SETTINGS[{name!r}] has the default {schema['default']!r}, which it does not allow"
    if name in LIMITS and not set(schema.get("enum", [None])) <= set(LIMITS[name]):
        yield f"SETTINGS[{name!r}] must be an enum of {' and '.join(LIMITS[name])}"


def _labels(family: str, kind: str, settings: dict) -> Iterator[str]:
    """Yield labels that influence a space although nothing declares it."""
    learns = kinds.declared(family, kind, "LEARNS_FROM")
    enums = [settings.get(name, {}).get("enum", ()) for name in facts.LABEL_SETTINGS]
    for label in kinds.declared(family, kind, "NEEDS") or ():
        if label in (LANGUAGE, GENRE) and label != learns and not any(label in e for e in enums):
            declare = f"declare LEARNS_FROM = {label!r}, or " if label == GENRE else "declare "
            yield (
                f"NEEDS names {label!r}, and nothing says that it influences the space: {declare}"
                f"a setting {' or '.join(facts.LABEL_SETTINGS)} that allows {label!r}"
            )


def _arguments(family: str, kind: str, settings: dict) -> Iterator[str]:
    """Yield parameters that nothing is given for, and what is given to no parameter."""
    contract, own = CONTRACTS[family], []
    if family == "blocks":
        own = [TABLES[name] for name in settings if name in TABLES]
        settings = [name for name in settings if name not in ("sets", "path")]
    tables, needs, graph = (
        (name in contract.attributes and kinds.declared(family, kind, name)) or ()
        for name in ("READS", "NEEDS", "GRAPH")
    )
    for name, function in contract.functions.items():
        if not function.others or not kinds.defines(family, kind, name):
            continue
        node, given = kinds.definitions(family, kind)[name], [*settings, *needs]
        if name != "place":
            given = [*own, *tables, *given, *(["graph"] if graph else [])]
        names = _names_after(node, len(function.parameters))
        yield from _unknown(name, names, given)
        for argument in given:
            if argument not in names and node.args.kwarg is None:
                noun = "setting" if argument in settings else "argument"
                yield f"{name} does not take the {noun} {argument!r}"


def _network(kind: str, settings: dict) -> Iterator[str]:
    methods = _methods(kinds.definitions("networks", kind)["Network"])
    if "latent" not in settings:
        yield "the setting 'latent' is missing, the number of dimensions of the space"
    learns = kinds.declared("networks", kind, "LEARNS_FROM") is not None
    if learns != ("labels" in settings):
        yield "LEARNS_FROM and the setting 'labels' belong together; one of them is missing"
    if kinds.declared("networks", kind, "SEVERAL") and "attention" not in methods:
        yield "the method Network.attention(x) is missing, which a network of several spaces needs"
    if "__init__" not in methods:
        return
    names = _names_after(methods["__init__"], 4)
    own = [name for name in names if not (learns and name == "n_labels")]
    yield from _unknown("Network.__init__", own, settings)
    shared = kinds.declared("networks", "__init__", "SETTINGS")
    used = {*names, *shared, *OF_TRAINING, kinds.declared("networks", kind, "GRAPH")}
    for name in settings:
        if name not in used and methods["__init__"].args.kwarg is None:
            yield f"the setting {name!r} is used by nothing: Network.__init__ does not take it"


def _names_after(node: ast.FunctionDef, skipped: int) -> list[str]:
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [argument.arg for argument in every][skipped:]


def _unknown(function: str, names: Iterable[str], given: Collection[str]) -> Iterator[str]:
    for name in names:
        if name not in given:
            guess, known = words.guess(name, given), ", ".join(given) or "nothing"
            yield f"{function} takes {name!r}, which is not given{guess}; given: {known}"
