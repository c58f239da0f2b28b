"""Contracts of plug-ins: what a module of each family must and may define.

Modules are parsed and not imported, so every mistake is a sentence before any job starts.
docs/plugins.md explains the contracts and has a template of each.
"""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import jsonschema

from hybridmusic import kinds
from hybridmusic.errors import ConfigError
from hybridmusic.plan import spaces as facts
from hybridmusic.plan import words
from hybridmusic.terms import GENRE, LANGUAGE, NONE, SONG

WORKFLOW = Path(__file__).parents[3]


@dataclass(frozen=True)
class Attribute:
    """A constant at the top of a module: the JSON schema of its value, and that in words."""

    allowed: str
    schema: dict
    required: bool = False
    is_literal: bool = True  # whether it must be written out, so that it can be read by parsing


@dataclass(frozen=True)
class Function:
    """A function or method: its first parameters in order, and whether others may follow."""

    parameters: tuple[str, ...]
    required: bool = False
    others: bool = False


@dataclass(frozen=True)
class Contract:
    """What a module of a family must and may define."""

    attributes: dict[str, Attribute] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    methods: dict[str, Function] = field(default_factory=dict)  # of its class Network


def _truth(required: bool = False) -> Attribute:
    return Attribute("True or False", {"type": "boolean"}, required)


def _tuple(*names: str, required: bool = False) -> Attribute:
    schema = {"type": "array", "items": {"enum": list(names)}}
    return Attribute(f"a tuple of {', '.join(names)}", schema, required)


def _word(name: str) -> Attribute:
    return Attribute(repr(name), {"const": name})


SETTINGS = Attribute(
    "a dictionary of JSON schemas by setting",
    {"type": "object", "additionalProperties": {"type": "object"}},
)
GRAPH = Attribute("the name of a setting: the number of neighbours", {"type": "string"})
CONTRACTS = {
    "blocks": Contract(
        attributes={
            "READS": _tuple("features", "sentences", "embeddings", required=True),
            "SETTINGS": SETTINGS,
            "NEEDS_SOUND": _truth(),
            "PRETRAINED": _truth(),
        },
        functions={
            "block": Function((), required=True, others=True),
            "place": Function(("old", "new"), others=True),
        },
    ),
    "transforms": Contract(
        attributes={
            "SEVERAL": _truth(required=True),
            "RANDOM": _truth(required=True),
            "SETTINGS": SETTINGS,
            # Other columns are left out, because a path or a title may contain the genre.
            "NEEDS": _tuple("song", LANGUAGE, GENRE),
            "LEARNS_FROM": _word(GENRE),
            "LEVEL": _word(SONG),
            "GRAPH": GRAPH,
        },
        functions={
            "transform": Function(("x", "seed"), required=True, others=True),
            "place": Function(("old", "new"), others=True),
            "warm_up": Function(()),
        },
    ),
    "networks": Contract(
        attributes={
            "SEVERAL": _truth(required=True),
            "SETTINGS": SETTINGS,
            "LEARNS_FROM": _word(GENRE),
            "GRAPH": GRAPH,
        },
        methods={
            "__init__": Function(
                ("n_features", "n_conditions", "draws"), required=True, others=True
            ),
            "encode": Function(("x", "condition"), required=True),
            "decode": Function(("z", "condition"), required=True),
            "loss": Function(("batch",)),
            "attention": Function(("x",)),
        },
    ),
    "clusterers": Contract(
        attributes={
            "RANDOM": _truth(required=True),
            "NEEDS_K": _truth(required=True),
            "SETTINGS": SETTINGS,
            "GRAPH": GRAPH,
            "GRAPH_IF": Attribute(
                "a dictionary of settings, or False",
                {"anyOf": [{"type": "object"}, {"const": False}]},
            ),
            "RULE": Attribute("text or None", {"type": ["string", "null"]}),
            "CENTROIDS": _truth(),
            "BEYOND": Attribute("text", {"type": "string"}),
        },
        functions={
            "cluster": Function(("x", "k", "seed"), required=True, others=True),
            "place": Function(("x", "clusters", "new"), others=True),
        },
    ),
    "descriptors": Contract(
        attributes={
            "GROUPS": Attribute(
                "a dictionary of lists of names",
                {"type": "object", "additionalProperties": {"type": "array"}},
                required=True,
                is_literal=False,
            ),
            "ASIDE": Attribute("a tuple of names", {"type": "array"}, is_literal=False),
            "TABLES": _truth(),
        },
        functions={"describe": Function(("sound",), required=True)},
    ),
    "figures": Contract(functions={"draw": Function((), required=True, others=True)}),
}
# The files of a study, relative to the workflow's folder.
STUDY = (
    "rules/studies/{name}.smk",
    "report/tables/{name}.rst",
    "scripts/adapters/tables/tabulate_{name}.py",
)
# The files of a figure, in addition to its module.
FIGURE = ("scripts/adapters/figures/draw_{name}.py", "report/figures/{name}.rst")
# Settings of a block whose values the block gets as a table instead.
TABLES = {"sets": "descriptors", "path": "vectors", "model": "vectors"}
# Settings of a network that training uses, in addition to those of all networks.
OF_TRAINING = ("beta", "labels", "positives", "metric", *facts.LABEL_SETTINGS)


# An array in Python is a tuple or a list.
_is_array = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
    "array", lambda _, value: isinstance(value, list | tuple)
)
Validator = jsonschema.validators.extend(jsonschema.Draft202012Validator, type_checker=_is_array)


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
    yield from _misspelt(defined, known)
    for name, attribute in contract.attributes.items():
        yield from _attribute(family, kind, name, attribute)
    for name, function in contract.functions.items():
        node = defined.get(name)
        if isinstance(node, ast.FunctionDef):
            yield from _parameters(name, node, function)
        elif node is not None or (function.required and not _alias(defined, known, name)):
            yield f"the function {_call(name, function)} is missing"
    if contract.methods:
        yield from _network(defined, known, contract.methods)


def _attribute(family: str, kind: str, name: str, attribute: Attribute) -> Iterator[str]:
    defined = kinds.definitions(family, kind)
    if name not in defined:
        known = CONTRACTS[family].attributes
        if attribute.required and not _alias(defined, known, name):
            yield f"{name} is missing; allowed: {attribute.allowed}"
        return
    try:
        value = kinds.declared(family, kind, name)
    except ConfigError:
        if attribute.is_literal:
            yield f"{name} must be written out, not computed; allowed: {attribute.allowed}"
        return
    if not Validator(attribute.schema).is_valid(value):
        yield f"{name} is {value!r}; allowed: {attribute.allowed}"


def _network(defined: dict, known: list[str], methods: dict[str, Function]) -> Iterator[str]:
    network = defined.get("Network")
    if not isinstance(network, ast.ClassDef):
        if network is not None or not _alias(defined, known, "Network"):
            yield "the class Network is missing"
        return
    own = {node.name: node for node in network.body if isinstance(node, ast.FunctionDef)}
    yield from _misspelt(own, methods, "Network.")
    # Another network as base class may define the others.
    is_plain = all(ast.unparse(base) in ("nn.Module", "torch.nn.Module") for base in network.bases)
    for name, method in methods.items():
        if name in own:
            yield from _parameters(f"Network.{name}", own[name], method, bound=True)
        elif method.required and is_plain and not _alias(own, methods, name):
            yield f"the method {_call(f'Network.{name}', method)} is missing"


def _misspelt(defined: Iterable[str], known: Iterable[str], prefix: str = "") -> Iterator[str]:
    """Yield a sentence for each definition whose name is nearly a name of the contract."""
    for name in defined:
        if (meant := _meant(name, defined, known)) is not None:
            yield f"{prefix}{name} is not known (did you mean {meant!r}?)"


def _meant(name: str, defined: Iterable[str], known: Iterable[str]) -> str | None:
    """Return the name of a contract that is not defined and that a definition nearly has."""
    if name in known or name.startswith("_"):
        return None
    absent = [
        other for other in known if other not in defined and name.isupper() == other.isupper()
    ]
    return next(iter(difflib.get_close_matches(name, absent, n=1, cutoff=0.75)), None)


def _alias(defined: Iterable[str], known: Iterable[str], name: str) -> bool:
    """Whether a misspelt definition stands for a name of the contract."""
    return any(_meant(other, defined, known) == name for other in defined)


def _parameters(
    name: str, node: ast.FunctionDef, function: Function, bound: bool = False
) -> Iterator[str]:
    """Yield a sentence if the parameters of a function are not those that callers give it."""
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)][bound:]
    first, rest = tuple(names[: len(function.parameters)]), names[len(function.parameters) :]
    is_longer = bool(rest or node.args.kwonlyargs) and not function.others
    if first != function.parameters or is_longer:
        yield f"{name} takes {', '.join(names) or 'nothing'}; allowed: {_call(name, function)}"


def _call(name: str, function: Function) -> str:
    return f"{name}({', '.join([*function.parameters, *(['...'] if function.others else [])])})"


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
    if family in OWN:
        yield from OWN[family](kind, settings)


def _setting(name: str, schema: dict) -> Iterator[str]:
    try:
        Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        yield f"SETTINGS[{name!r}] is not a JSON schema: {error.message}"
        return
    if "default" in schema and not Validator(schema).is_valid(schema["default"]):
        yield f"SETTINGS[{name!r}] has the default {schema['default']!r}, which it does not allow"
    limits = {"balance": (NONE, LANGUAGE), "metric": ("euclidean", "cosine")}
    if name in limits and not set(schema.get("enum", [None])) <= set(limits[name]):
        yield f"SETTINGS[{name!r}] must be an enum of {' and '.join(limits[name])}"


def _labels(family: str, kind: str, settings: dict) -> Iterator[str]:
    """Yield labels that influence a space although nothing declares it."""
    needs = kinds.declared(family, kind, "NEEDS") or ()
    for label in (LANGUAGE, GENRE):
        is_set = any(
            label in settings.get(name, {}).get("enum", ()) for name in facts.LABEL_SETTINGS
        )
        if label in needs and not is_set and kinds.declared(family, kind, "LEARNS_FROM") != label:
            declare = f"declare LEARNS_FROM = {label!r}, or " if label == GENRE else "declare "
            yield (
                f"NEEDS names {label!r}, and nothing says that it influences the space: {declare}"
                f"a setting {' or '.join(facts.LABEL_SETTINGS)} that allows {label!r}"
            )


def _block(kind: str, settings: dict) -> Iterator[str]:
    node = kinds.definitions("blocks", kind)["block"]
    tables = [TABLES[name] for name in TABLES if name in settings]
    tables += kinds.declared("blocks", kind, "READS")
    taken = [name for name in settings if name not in ("sets", "path")]
    yield from _by_name("block", node, [*tables, *taken], settings=taken, skipped=0)
    yield from _place("blocks", kind, taken, skipped=2)


def _transform(kind: str, settings: dict) -> Iterator[str]:
    needs = kinds.declared("transforms", kind, "NEEDS") or ()
    graph = ["graph"] if kinds.declared("transforms", kind, "GRAPH") else []
    node = kinds.definitions("transforms", kind)["transform"]
    yield from _by_name(
        "transform", node, [*settings, *needs, *graph], settings=settings, skipped=2
    )
    yield from _place("transforms", kind, [*settings, *needs], skipped=2)


def _clusterer(kind: str, settings: dict) -> Iterator[str]:
    graph = ["graph"] if kinds.declared("clusterers", kind, "GRAPH") else []
    node = kinds.definitions("clusterers", kind)["cluster"]
    yield from _by_name("cluster", node, [*settings, *graph], settings=settings, skipped=3)
    yield from _place("clusterers", kind, settings, skipped=3)
    if kinds.defines("clusterers", kind, "place") != bool(
        kinds.declared("clusterers", kind, "RULE")
    ):
        yield "RULE in words and the function place belong together; one of them is missing"
    if "GRAPH_IF" in kinds.definitions("clusterers", kind) and not graph:
        yield "GRAPH_IF needs GRAPH, which is missing"


def _of_network(kind: str, settings: dict) -> Iterator[str]:
    network = kinds.definitions("networks", kind)["Network"]
    methods = {node.name: node for node in network.body if isinstance(node, ast.FunctionDef)}
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
    for name in names:
        if name not in settings and not (learns and name == "n_labels"):
            yield _unknown("Network.__init__", name, settings)
    shared = kinds.declared("networks", "__init__", "SETTINGS")
    used = {*names, *shared, *OF_TRAINING, kinds.declared("networks", kind, "GRAPH")}
    for name in settings:
        if name not in used and methods["__init__"].args.kwarg is None:
            yield f"the setting {name!r} is used by nothing: Network.__init__ does not take it"


OWN = {
    "blocks": _block,
    "transforms": _transform,
    "networks": _of_network,
    "clusterers": _clusterer,
}


def _place(family: str, kind: str, names: Iterable[str], skipped: int) -> Iterator[str]:
    if kinds.defines(family, kind, "place"):
        node = kinds.definitions(family, kind)["place"]
        yield from _by_name("place", node, [*names], settings=names, skipped=skipped)


def _by_name(
    function: str, node: ast.FunctionDef, given: list[str], settings: Iterable[str], skipped: int
) -> Iterator[str]:
    """Yield parameters that nothing is given for, and what is given to no parameter."""
    taken = _names_after(node, skipped)
    for name in taken:
        if name not in given:
            yield _unknown(function, name, given)
    if node.args.kwarg is None:
        for name in given:
            if name not in taken:
                noun = "setting" if name in settings else "argument"
                yield f"{function} does not take the {noun} {name!r}"


def _names_after(node: ast.FunctionDef, skipped: int) -> list[str]:
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [argument.arg for argument in every][skipped:]


def _unknown(function: str, name: str, given: Iterable[str]) -> str:
    known = ", ".join(given) or "nothing"
    return (
        f"{function} takes {name!r}, which is not given{words.guess(name, given)}; given: {known}"
    )


def mistakes_of_figures() -> list[str]:
    """Return a sentence for every figure of a rule that lacks its module, adapter or caption."""
    rules = [*WORKFLOW.glob("rules/*.smk"), *WORKFLOW.glob("rules/studies/*.smk")]
    declared = re.findall(r'\bfigure\(\s*"(\w+)"', "".join(map(_text, sorted(rules))))
    sentences = []
    for name in dict.fromkeys(declared):
        if name in kinds.kinds("figures"):
            sentences += mistakes("figures", name)
        else:
            sentences.append(f"figures/{name}.py is missing, a part of the figure {name!r}")
        sentences += _missing(f"the figure {name!r}", FIGURE, name)
    return sentences


def mistakes_of_study(name: str) -> list[str]:
    """Return a sentence for every part of a study that is missing or has another name."""
    rules, _, adapter = (part.format(name=name) for part in STUDY)
    sentences = _missing(f"the study {name!r}", STUDY, name)
    if text := _text(WORKFLOW / rules):
        sheets = re.findall(r'\bsheet\(\s*"(\w+)"', text)
        if name not in sheets:
            others = f"; it declares {', '.join(sheets)}" if sheets else ""
            sentences.append(f'{rules} declares no table with sheet("{name}", ...){others}')
        if adapter not in text:
            sentences.append(f"{rules} has no rule with the script {adapter}")
    text = _text(WORKFLOW / adapter)
    if text and not re.search(r"^def main\(snakemake\)", text, re.M):
        sentences.append(f"{adapter}: the function main(snakemake) is missing")
    return sentences


def _missing(noun: str, parts: Iterable[str], name: str) -> list[str]:
    files = [part.format(name=name) for part in parts]
    return [
        f"{file} is missing, a part of {noun}" for file in files if not (WORKFLOW / file).exists()
    ]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""
