"""Contracts hold for shipped plug-ins and for the templates of docs/plugins.md."""

import ast
import functools
import importlib
import itertools
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from project import REPOSITORY

from hybridmusic import kinds
from hybridmusic.plan import contracts, parts
from hybridmusic.plan.contracts import CONTRACTS
from hybridmusic.sound import spectra
from hybridmusic.training import loop

PAGE = (REPOSITORY / "docs/plugins.md").read_text()
FILES: dict[str, str] = {}
for path, text in re.findall(r"^`(workflow/\S+)`\n\n```\w+\n(.*?)^```", PAGE, re.M | re.S):
    FILES[path] = FILES.get(path, "") + text
TEMPLATES = {
    family: FILES[f"workflow/scripts/hybridmusic/{family}/example.py"] for family in CONTRACTS
}
SECTIONS = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S))
FAMILY_OF_SECTION = {
    "Block": "blocks",
    "Transform": "transforms",
    "Network": "networks",
    "Clusterer": "clusterers",
    "Set of descriptors": "descriptors",
    "Figure": "figures",
}
ATTRIBUTES = [(family, name) for family in CONTRACTS for name in CONTRACTS[family].attributes]
FUNCTIONS = [
    (family, name)
    for family, contract in CONTRACTS.items()
    for name in (*contract.functions, *contract.methods)
    if re.search(rf"def {name}\(", TEMPLATES[family])
]
NUMBERS = itertools.count()


def copied(folder):
    """Copy what contracts check of the workflow."""
    for name in ("rules", "report", "scripts"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / "workflow" / name, folder / name, ignore=ignored)
    return folder


def use(workflow, monkeypatch):
    """Let contracts check this copy of the workflow, and Python import plug-ins from it."""
    package = workflow / "scripts/hybridmusic"
    monkeypatch.setattr(parts, "WORKFLOW", workflow)
    monkeypatch.setattr(kinds, "PACKAGE", package)
    for name in (*CONTRACTS, "studies", "tables"):
        room = importlib.import_module(f"hybridmusic.{name}")
        monkeypatch.setattr(room, "__path__", [*room.__path__, str(package / name)])
    for cache in (kinds.kinds, kinds.definitions, kinds.declared, contracts.mistakes):
        monkeypatch.setattr(cache.__module__ + "." + cache.__name__, fresh(cache))


def fresh(cache):
    """Return the same cached function with nothing in its cache."""
    return functools.cache(cache.__wrapped__)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return copied(tmp_path_factory.mktemp("contracts") / "workflow")


@pytest.fixture
def mistakes(copy, monkeypatch):
    """Return the mistakes of a text as a module of a family, without the file's name."""
    use(copy, monkeypatch)

    def of(family, text):
        name = f"example{next(NUMBERS)}"
        (copy / f"scripts/hybridmusic/{family}/{name}.py").write_text(text)
        prefix = f"{family}/{name}.py"
        sentences = contracts.mistakes(family, name)
        assert all(sentence.startswith(prefix) for sentence in sentences)
        return [sentence.removeprefix(f"{prefix}: ") for sentence in sentences]

    return of


@pytest.fixture
def templates(tmp_path, monkeypatch):
    """Write the templates of the page to their places in a copy of the workflow."""
    workflow = copied(tmp_path / "workflow")
    for path, text in FILES.items():
        (workflow.parent / path).write_text(text)
    use(workflow, monkeypatch)
    return workflow


def misspelt(name):
    """Return the name without its last letter but one."""
    return name[:-2] + name[-1]


def without(text, name):
    """Return the text without the definition of a name, at its top or in its class."""

    class Removal(ast.NodeTransformer):
        def visit_Assign(self, node):
            return None if node.targets[0].id == name else node

        def visit_FunctionDef(self, node):
            return None if node.name == name else node

    return ast.unparse(Removal().visit(ast.parse(text)))


def required_of(family, name):
    contract = CONTRACTS[family]
    return (contract.attributes | contract.functions | contract.methods)[name].required


@pytest.mark.parametrize("family", kinds.FAMILIES)
def test_shipped_plug_ins_keep_their_contracts(family):
    assert [*itertools.chain(*(contracts.mistakes(family, k) for k in kinds.kinds(family)))] == []


def test_shipped_figures_and_studies_have_all_their_parts():
    assert parts.mistakes_of_figures() == []
    names = [path.stem for path in (REPOSITORY / "workflow/rules/studies").glob("*.smk")]
    assert len(names) > 10
    assert [*itertools.chain(*map(parts.mistakes_of_study, names))] == []


@pytest.mark.parametrize(("title", "family"), FAMILY_OF_SECTION.items())
def test_the_page_names_what_the_contracts_name(title, family):
    rows = re.findall(r"^\| (`.*?) \| ([\w ]+)", SECTIONS[title], re.M)
    named = {}
    for first, need in rows:
        for name in re.findall(r"`(?:Network\.)?(\w+)", first):
            named[name] = need.strip()
    contract = CONTRACTS[family]
    pieces = contract.attributes | contract.functions | contract.methods
    pieces.pop("__init__", None)
    assert set(pieces) <= set(named)
    assert {name for name in named if name.isupper()} == set(contract.attributes)
    for name, piece in pieces.items():
        assert not piece.required or named[name] == "must", name
    assert ("Network" in named) == bool(contract.methods)


def test_the_page_names_the_parts_of_studies_and_figures():
    for section, files in (("Study", parts.STUDY), ("Figure", parts.FIGURE)):
        for part in files:
            assert f"`{part}`" in SECTIONS[section]
            assert f"workflow/{part.format(name='example')}" in FILES
    for name in contracts.TABLES:
        assert f"`{name}`" in PAGE


@pytest.mark.parametrize("family", CONTRACTS)
def test_templates_keep_their_contracts(mistakes, family):
    assert mistakes(family, TEMPLATES[family]) == []


@pytest.mark.parametrize(("family", "name"), ATTRIBUTES)
def test_a_misspelt_attribute_is_reported_and_what_it_stands_for_is_not(mistakes, family, name):
    text = f"{TEMPLATES[family]}\n{name} = None\n"
    text = re.sub(rf"^{name}\b", misspelt(name), text, flags=re.M)
    assert mistakes(family, text) == [f"{misspelt(name)} is not known (did you mean {name!r}?)"]


@pytest.mark.parametrize(("family", "name"), ATTRIBUTES)
def test_an_attribute_of_another_type_is_reported_with_what_is_allowed(mistakes, family, name):
    allowed = CONTRACTS[family].attributes[name].allowed
    assert mistakes(family, f"{TEMPLATES[family]}\n{name} = 3.5\n") == [
        f"{name} is 3.5; allowed: {allowed}"
    ]
    found = mistakes(family, f"{TEMPLATES[family]}\n{name} = str(3)\n")
    if CONTRACTS[family].attributes[name].is_literal:
        assert found == [f"{name} must be written out, not computed; allowed: {allowed}"]
    else:
        assert found == []


@pytest.mark.parametrize(("family", "name"), [case for case in ATTRIBUTES if required_of(*case)])
def test_a_missing_attribute_is_reported_with_what_is_allowed(mistakes, family, name):
    allowed = CONTRACTS[family].attributes[name].allowed
    assert mistakes(family, without(TEMPLATES[family], name)) == [
        f"{name} is missing; allowed: {allowed}"
    ]


@pytest.mark.parametrize(("family", "name"), FUNCTIONS)
def test_functions_are_found_by_name_and_by_parameters(mistakes, family, name):
    text, contract = TEMPLATES[family], CONTRACTS[family]
    function = (contract.functions | contract.methods)[name]
    shown = f"Network.{name}" if name in contract.methods else name
    call = f"{shown}({', '.join([*function.parameters, *['...'] * function.others])})"
    noun = "method" if name in contract.methods else "function"
    absent = mistakes(family, without(text, name))
    assert absent == ([f"the {noun} {call} is missing"] if function.required else [])
    if name != "__init__":
        found = mistakes(family, re.sub(rf"\bdef {name}\b", f"def {misspelt(name)}", text))
        other = shown.replace(name, misspelt(name))
        assert found == [f"{other} is not known (did you mean {name!r}?)"]
    if function.parameters:
        first = function.parameters[0]
        found = mistakes(
            family, re.sub(rf"(def {name}\((?:\s*self,)?\s*){first}", r"\1other", text)
        )
        assert len(found) == 1
        assert found[0].startswith(f"{shown} takes other")
        assert found[0].endswith(f"; allowed: {call}")


def test_a_missing_or_misspelt_network_is_reported(mistakes):
    text = TEMPLATES["networks"]
    assert mistakes("networks", text[: text.index("class Network")]) == [
        "the class Network is missing"
    ]
    assert mistakes("networks", text.replace("class Network", "class Netwrk")) == [
        "Netwrk is not known (did you mean 'Network'?)"
    ]
    inherited = text.replace("(nn.Module)", "(vae.Network)").replace("def encode", "def _code")
    assert mistakes("networks", inherited) == []


@pytest.mark.parametrize(
    ("family", "old", "new", "sentence"),
    [
        ("blocks", "READS = (", 'READS = ("sentences", ', "block does not take the argument 'sent"),
        ("blocks", "*, columns: list[str]) -> tup", ") -> tup", "block does not take the setting"),
        ("blocks", "features: pd", "feature: pd", "block takes 'feature', which is not given (did"),
        (
            "blocks",
            '"columns": {',
            '"column": {',
            "given (did you mean 'column'?); given: features",
        ),
        ("transforms", '["none", "language"]', '["none"]', "NEEDS names 'language', and nothing"),
        (
            "transforms",
            '("language",)',
            '("genre", "language")',
            "declare LEARNS_FROM = 'genre', or",
        ),
        (
            "transforms",
            '"none"},',
            '"all"},',
            "SETTINGS['by'] has the default 'all', which it does",
        ),
        ("transforms", "seed: int, *", "seed: int, *, graph", "transform takes 'graph', which is"),
        (
            "transforms",
            "SEVERAL",
            'GRAPH = "bye"\nSEVERAL',
            "GRAPH names 'bye', which is not a set",
        ),
        ("networks", '"latent": {', '"beta": {', "the setting 'latent' is missing"),
        ("networks", "latent: int\n", "latent: int, code: int\n", "Network.__init__ takes 'code',"),
        ("networks", '"latent": {', '"wide": {},\n    "latent": {', "'wide' is used by nothing"),
        (
            "networks",
            '"latent": {',
            '"labels": {},\n    "latent": {',
            "LEARNS_FROM and the setting",
        ),
        ("networks", "SEVERAL = False", "SEVERAL = True", "Network.attention(x) is missing, which"),
        ("clusterers", "RANDOM", 'RULE = "any"\nRANDOM', "RULE in words and the function place"),
        ("clusterers", "RANDOM", "GRAPH_IF = False\nRANDOM", "GRAPH_IF needs GRAPH, which is"),
        ("clusterers", "RANDOM", 'BEYOND = "x"\nRANDOM', "not take the setting 'exact_up_to'"),
        ("clusterers", '"cosine"', '"manhattan"', "must be an enum of euclidean and cosine"),
        ("clusterers", '{"enum": ["euc', '{"type": 3, "enum": ["euc', "is not a JSON schema: 3 is"),
        ("clusterers", "RANDOM = False", "RANDOM = ", "line 8: not valid Python (invalid syntax"),
    ],
)
def test_pieces_that_do_not_fit_together_are_reported(mistakes, family, old, new, sentence):
    text = TEMPLATES[family].replace(old, new, 1)
    assert text != TEMPLATES[family]
    assert sentence in "\n".join(mistakes(family, text))


def test_a_kind_cannot_have_the_name_of_another_space(templates):
    (templates / "scripts/hybridmusic/transforms/vae.py").write_text(TEMPLATES["transforms"])
    assert "transforms/vae.py: networks/vae.py has the same name; rename one of them" in (
        contracts.mistakes("transforms", "vae")
    )


def test_constants_and_functions_of_the_plug_in_itself_are_left_alone(mistakes):
    own = (
        "STEPS = 3\nPARTIALS = {1: 2.0}\n\n\ndef clean(x):\n    return x\n\n\ndef _place(x): ...\n"
    )
    for family in CONTRACTS:
        assert mistakes(family, f"{TEMPLATES[family]}\n{own}") == []


def test_every_part_of_a_study_is_missed(templates):
    assert parts.mistakes_of_study("example") == []
    for part in parts.STUDY:
        name = part.format(name="example")
        (templates / name).rename(templates / "away")
        assert f"{name} is missing, a part of the study 'example'" in (
            parts.mistakes_of_study("example")
        )
        (templates / "away").rename(templates / name)
    rules = templates / "rules/studies/example.smk"
    text = rules.read_text()
    rules.write_text(text.replace('sheet("example"', 'sheet("other"'))
    assert parts.mistakes_of_study("example") == [
        'rules/studies/example.smk declares no table with sheet("example", ...); it declares other'
    ]
    rules.write_text(text.replace("tabulate_example.py", "tabulate.py"))
    assert parts.mistakes_of_study("example") == [
        "rules/studies/example.smk has no rule with the script "
        "scripts/adapters/tables/tabulate_example.py"
    ]
    rules.write_text(text)
    adapter = templates / "scripts/adapters/tables/tabulate_example.py"
    adapter.write_text(adapter.read_text().replace("def main", "def run"))
    assert parts.mistakes_of_study("example") == [
        "scripts/adapters/tables/tabulate_example.py: the function main(snakemake) is missing"
    ]


def test_every_part_of_a_figure_is_missed(templates):
    assert parts.mistakes_of_figures() == []
    for part in parts.FIGURE:
        name = part.format(name="example")
        (templates / name).unlink()
        assert f"{name} is missing, a part of the figure 'example'" in (parts.mistakes_of_figures())
    (templates / "scripts/hybridmusic/figures/example.py").unlink()
    kinds.kinds.cache_clear()
    assert parts.mistakes_of_figures()[0] == (
        "figures/example.py is missing, a part of the figure 'example'"
    )


def test_template_of_a_block_runs(templates):
    features = pd.DataFrame(
        {"id": list("abc"), "tempo": [60.0, 90, 120], "energy": [0.1, 0.2, 0.6]}
    )
    block = kinds.load("blocks", "example")
    settings = kinds.settings("blocks", "example", {})
    ids, vectors = block.block(features, **settings)
    assert ids == list("abc")
    assert vectors.shape == (3, 2)
    tables = {"features": features}
    np.testing.assert_allclose(block.place(tables, tables, **settings), vectors)


def test_template_of_a_transform_runs(templates):
    x, language = np.arange(8.0).reshape(4, 2), np.array(list("aabb"))
    transform = kinds.load("transforms", "example").transform
    together = transform(x, 0, language=language, by="none")
    np.testing.assert_allclose(together.mean(axis=0), 0)
    apart = transform(x, 0, language=language, by="language")
    np.testing.assert_allclose([apart[:2].mean(axis=0), apart[2:].mean(axis=0)], 0)


def test_template_of_a_network_runs(templates):
    x = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32)
    settings = kinds.settings("networks", "example", {"latent": 3, "epochs": 5})
    network, none = loop.build("example", 6, 0, [1, 2], settings), np.zeros((40, 0))
    history = loop.train(network, x, none, [1, 2], settings)
    error = history.groupby("epoch")["reconstruction"].mean()
    assert error.iloc[-1] < error.iloc[0]
    assert loop.encode(network, x, none).latent.shape == (2, 40, 3)


def test_template_of_a_clusterer_runs(templates):
    x = np.array([[0.0, 1], [0, 1.1], [5, 1], [5, 1.1]])
    settings = kinds.settings("clusterers", "example", {})
    a, b, c, d = kinds.load("clusterers", "example").cluster(x, 2, 0, **settings)
    assert a == b != c == d


def test_template_of_descriptors_runs(templates):
    sound = spectra.Sound(np.sin(np.arange(22_050) / 20).astype(np.float32))
    values = kinds.load("descriptors", "example").describe(sound)
    assert values.shape == (len(kinds.columns("example")),) == (2,)


def test_templates_of_a_study_and_a_figure_run(templates):
    catalogue = pd.DataFrame({"id": list("abc"), "song": list("xxy"), "language": list("eeb")})
    counts = kinds.load("studies", "example").count(catalogue)
    assert counts.to_numpy().tolist() == [["b", 1, 1], ["e", 2, 1]]
    sheet = kinds.load("tables", "example").sheet_of(counts)
    assert list(sheet.table) == ["Language", "Clips", "Songs"]
    assert "Most songs are in b: 1." in sheet.sentences
    figure = kinds.load("figures", "example").draw(counts)
    assert [bar.get_width() for bar in figure.axes[0].patches] == [1, 1]
    for path, text in FILES.items():
        if path.endswith(".py"):
            compile(text, path, "exec")
