"""Kinds are declared by modules that are parsed once and not imported."""

import ast
import inspect

import pytest

from hybridmusic import kinds
from hybridmusic.clusterers import EXACT_UP_TO
from hybridmusic.errors import ConfigError
from shared import job


@pytest.mark.parametrize("kind", kinds.kinds("transforms"))
def test_a_transform_takes_its_settings_and_what_it_declares_to_need(kind):
    signature = inspect.signature(kinds.load("transforms", kind).transform)
    named = {n for n, p in signature.parameters.items() if p.kind is p.KEYWORD_ONLY}
    needs = kinds.declared("transforms", kind, "NEEDS") or ()
    assert set(needs) <= set(job.table_schemas()["catalogue"])
    graph = {"graph"} if kinds.declared("transforms", kind, "GRAPH") else set()
    assert named == set(kinds.schemas("transforms", kind)) | set(needs) | graph


@pytest.mark.parametrize("kind", kinds.kinds("clusterers"))
def test_a_clusterer_takes_its_settings_and_the_graph_that_it_declares(kind):
    signature = inspect.signature(kinds.load("clusterers", kind).cluster)
    named = {n for n, p in signature.parameters.items() if p.kind is p.KEYWORD_ONLY}
    counted_by = kinds.declared("clusterers", kind, "GRAPH")
    assert named == set(kinds.schemas("clusterers", kind)) | ({"graph"} if counted_by else set())
    assert counted_by is None or counted_by in named


def test_a_module_is_parsed_once_and_not_imported(monkeypatch):
    kinds.definitions.cache_clear()
    kinds.declared.cache_clear()
    parsed = []
    monkeypatch.setattr(
        kinds.ast, "parse", lambda *given, parse=ast.parse: parsed.append(given) or parse(*given)
    )
    for name in ("SEVERAL", "RANDOM", "SETTINGS"):
        kinds.declared("transforms", "pca", name)
    assert kinds.defines("transforms", "pca", "place")
    assert len(parsed) == 1


def test_computed_values_and_broken_files_are_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(kinds, "PACKAGE", tmp_path)
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks/computed.py").write_text("A, B = 1, max(2, 3)\nC: int = 4\nD = E = 5\n")
    (tmp_path / "blocks/broken.py").write_text("A = 1\nB = (\n")
    assert [kinds.declared("blocks", "computed", name) for name in "ACDEF"] == [1, 4, 5, 5, None]
    with pytest.raises(ConfigError, match=r"blocks/computed\.py: B must be written out"):
        kinds.declared("blocks", "computed", "B")
    with pytest.raises(ConfigError, match=r"blocks/broken\.py, line 2: not valid Python"):
        kinds.declared("blocks", "broken", "A")


def test_clusterers_with_a_limit_of_exact_computation_have_the_setting():
    limited = {
        kind
        for kind in kinds.kinds("clusterers")
        if kinds.settings("clusterers", kind, {}).get("exact_up_to") == EXACT_UP_TO
    }
    assert limited == {"kmeans", "spectral", "ward"}
    assert kinds.settings("clusterers", "ward", {"exact_up_to": 5})["exact_up_to"] == 5


def test_a_schema_that_is_only_a_default_is_completed_by_its_family(tmp_path, monkeypatch):
    whole = {"type": "integer", "minimum": 1, "default": 32}
    assert kinds.schemas("networks", "conv_vae")["latent"] == whole
    monkeypatch.setattr(kinds, "PACKAGE", tmp_path)
    (tmp_path / "instruments").mkdir()
    (tmp_path / "instruments/__init__.py").write_text('SCHEMAS = {"latent": {"type": "integer"}}\n')
    own = 'SETTINGS = {"latent": {"enum": ["a"], "default": "a"}, "width": {"default": 2}}\n'
    (tmp_path / "instruments/own_schema.py").write_text(own)
    assert kinds.schemas("instruments", "own_schema") == {
        "latent": {"enum": ["a"], "default": "a"},
        "width": {"default": 2},
    }
