"""Every mistake of a configuration is named in a sentence before anything runs."""

import copy

import pytest
import yaml
from project import REPOSITORY, merged

from hybridmusic.errors import ConfigError
from hybridmusic.plan import checks

SCHEMA = yaml.safe_load((REPOSITORY / "workflow/schemas/config.schema.yaml").read_text())
PAPER = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text())


def test_the_shipped_configurations_are_valid():
    checks.check(PAPER, SCHEMA)
    for layers in (["demo"], ["as_published"], ["beyond"], ["beyond", "demo"]):
        whole = PAPER
        for name in layers:
            layer = yaml.safe_load((REPOSITORY / f"config/{name}.yaml").read_text())
            whole = merged(whole, layer)
        checks.check(whole, SCHEMA)


def method(**changes):
    return [copy.deepcopy(PAPER["methods"][0]) | changes]


def panel(**changes):
    return {"figures": {"umap_panel": [PAPER["figures"]["umap_panel"][0] | changes]}}


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ({"sed": 1}, r"unknown key 'sed' \(did you mean 'seed'\?\)"),
        ({"audio": {"shard": 1}}, r"^audio: unknown key 'shard' \(did you mean 'shards'\?\)"),
        ({"run": "../x"}, r"^run is '../x'; allowed: a name of letters"),
        ({"seed": "1e-3"}, r"^seed is the text '1e-3', not a number: YAML reads"),
        ({"seed": -1}, r"^seed is -1; allowed: a whole number from 0 to 2147483647"),
        ({"seeds": 0}, r"^seeds is 0; allowed: a whole number from 1"),
        ({"balance": "yes"}, r"^balance is 'yes'; allowed: true or false"),
        ({"max_rejected": 2}, r"^max_rejected is 2; allowed: a number from 0 to 1"),
        ({"k": [1]}, r"^k\[0\] is 1; allowed: a whole number from 2, or genres"),
        ({"assign": {"name": "a.b"}}, r"^assign.name is 'a.b'; allowed: a name of letters"),
        ({"assign": {"after": "new"}}, r"^assign.after is 'new', this batch itself; name an earl"),
        ({"assign": {"name": "gtzan"}}, r"^assign.name is 'gtzan', which a source of the run is"),
        ({"assign": {"update": "yes"}}, r"^assign.update is 'yes'; allowed: true or false"),
        ({"duplicates": "some"}, r"^duplicates is 'some'; allowed: keep, drop"),
        (
            {"audio": {"segments": "first"}},
            r"^audio.segments is 'first'; allowed: a whole number from 1, or all",
        ),
        ({"audio": {"segments": 0}}, r"^audio.segments is 0; allowed: a whole number from 1"),
        (
            {"audio": {"also": ["ritch"]}},
            r"^audio.also names the unknown set of descriptors 'ritch' \(did you mean 'rich'\?\)",
        ),
        (
            {"spaces": {"rich": {"kind": "descriptors", "sets": ["rich"]}}},
            r"^spaces.rich.sets names 'rich', which audio.also does not describe the clips by: add",
        ),
        (
            {"text": {"descriptors": ["tempo", "cycle"]}},
            r"^text.descriptors names 'cycle', which is of the set of descriptors culture: add",
        ),
        (
            {"text": {"descriptors": ["temp"]}},
            r"^text.descriptors\[0\] is 'temp'; allowed: tempo, energy",
        ),
        ({"audio": {"from": "end"}}, r"^audio.from is 'end'; allowed: start, middle, spread"),
        ({"text": {"wording": "hindi"}}, r"^text.wording is 'hindi'; allowed: english, bangla"),
        (
            {"audio": {"min_seconds": 4}},
            r"^audio.min_seconds is 4, more than audio.clip_seconds, 3.0: every clip would be",
        ),
        (
            {"audio": {"decode_seconds": 0}},
            r"^audio.decode_seconds is 0; allowed: a number above 0",
        ),
        (
            {"sources": [{"name": "a", "path": "x", "language": " "}]},
            r"^sources\[0\].language is ' '; allowed: the language's name",
        ),
        ({"sources": []}, r"^sources is \[\]; allowed: a list of at least one source"),
        ({"sources": [{"name": "a"}]}, r"'a' needs either a path or a dataset"),
        ({"sources": [{"name": "a", "path": "x"}] * 2}, r"^sources: two have the name 'a'"),
        ({"sources": [{"path": "x"}]}, r"^sources\[0\]: the key 'name' is missing"),
        (
            {"sources": [{"name": "a", "path": "x", "song": "("}]},
            r"song of 'a' is '\('.*regular expression",
        ),
        ({"spaces": {"pca": {"kind": "pac"}}}, r"^spaces.pca.kind is 'pac'; .* mean 'pca'"),
        ({"spaces": {"pca": {"variance": 1}}}, r"^spaces.pca.variance is 1; .* below 1"),
        ({"spaces": {"pca": {"varianc": 1}}}, r"^spaces.pca: unknown key 'varianc'"),
        ({"spaces": {"pca": {"of": "adio"}}}, r"unknown space 'adio' \(did you mean 'audio'\?\)"),
        ({"spaces": {"pca": {"of": ["audio"]}}}, r"^spaces.pca.of is .* the name of one space"),
        ({"spaces": {"hybrid": {"of": "audio"}}}, r"^spaces.hybrid.of is .* a list of spaces"),
        ({"spaces": {"adaptive": {"of": "audio"}}}, r"^spaces.adaptive.of is .* a list of spaces"),
        ({"spaces": {"basic_vae": {"of": ["audio"]}}}, r"^spaces.basic_vae.of .* of one space"),
        ({"spaces": {"audio": {"of": "text"}}}, r"^spaces.audio.of: a mfcc block is made from no"),
        ({"spaces": {"pca": {"of": "pca"}}}, r"is made from itself: pca <- pca"),
        ({"spaces": {"basic_vae": {"beta": "1e-3"}}}, r"^spaces.basic_vae.beta is the text '1e-3'"),
        ({"spaces": {"cond_vae": {"condition": "age"}}}, r"allowed: none, language, genre"),
        (
            {"spaces": {"hybrid": None}, "methods": method(space="umap_hybrid")},
            r"\(agglomerative\) names the space 'umap_hybrid', which is switched off",
        ),
        (
            {"spaces": {"clap": {"kind": "external"}}},
            r"^spaces.clap: the key 'path' is missing",
        ),
        ({"spaces": {"Bad name": {"kind": "pca"}}}, r"Bad name"),
        ({"methods": method(space="hybird")}, r"unknown space 'hybird' \(did you mean 'hybrid'"),
        ({"methods": method(clusterer="wart")}, r"unknown clusterer 'wart' \(did you mean 'ward'"),
        ({"methods": method(eps=1)}, r"methods\[0\] \(agglomerative\): unknown key 'eps'"),
        (
            {"methods": method() + method(label="Other")},
            r"^methods: two have the name 'agglomerative'; every name must be unique",
        ),
        (
            {"methods": method() + method(name="other")},
            r"^methods: two have the label 'Agglomerative'",
        ),
        (panel(map="audio"), r"^figures.umap_panel\[0\].map .* two dimensions"),
        (
            {"figures": {"reconstructions": {"networks": ["pca"]}}},
            r"^figures.reconstructions.networks names 'pca', which is no network",
        ),
        (
            {"figures": {"reconstructions": {"networks": ["basic_vae", "conv_vae_hybrid"]}}},
            r"^figures.reconstructions.networks: .* same space",
        ),
        (
            {"figures": {"reconstructions": {"networks": ["adaptive"]}}},
            r"^figures.reconstructions.networks: .* same space",
        ),
        ({"k": ["genres"]}, r"^k .* at least one number"),
        ({"k": ["genres", "auto"]}, r"^k .* at least one number"),
        ({"k": ["best"]}, r"^k\[0\] is 'best'; allowed: .* or genres, or auto"),
        ({"choosing_k": {"candidates": [1]}}, r"^choosing_k.candidates\[0\] is 1; .* from 2"),
        (
            {"reduction": {"spaces": ["audio", "adio"]}},
            r"^reduction.spaces names the unknown space 'adio' \(did you mean 'audio'\?\)",
        ),
        (
            {"studies": ["probe"]},
            r"^studies names the unknown study 'probe' \(did you mean 'probes'",
        ),
        ({"show": ["umap"]}, r"^show names the unknown space 'umap'"),
        ({"reference": "hybird"}, r"^reference names the unknown space 'hybird'"),
        ({"tables": ["table3"]}, r"^tables\[0\] is 'table3'; allowed: table2, agreement"),
        (
            {"few_labels": {"space": "cond_vae"}},
            r"^few_labels.space is 'cond_vae', which is conditioned on genre",
        ),
        ({"compare": ["paper"]}, r"^compare names 'paper', this run itself"),
        (
            {"reduction": {"clusterers": ["wards"]}},
            r"^reduction.clusterers names the unknown clusterer 'wards'",
        ),
        ({"tuning": {"space": "adio"}}, r"^tuning.space names the unknown space 'adio'"),
        ({"tuning": {"latent": 8}}, r"^tuning.latent is 8; allowed: a list of one to eight"),
        ({"tuning": {"beta": [1, 1]}}, r"^tuning.beta is \[1, 1\]; allowed: .* different numbers"),
        (
            {"tuning": {"plateau_epochs": 49}},
            r"^tuning.plateau_epochs is 49; allowed: at least the 50 of tuning.epochs",
        ),
        ({"tuning": {"learning_rate": ["1e-3"]}}, r"^tuning.learning_rate\[0\] is the text '1e-3'"),
    ],
)
def test_a_mistake_is_named(layer, message):
    with pytest.raises(ConfigError, match=message) as caught:
        checks.check(merged(PAPER, layer), SCHEMA)
    assert "\n" not in str(caught.value)


def test_all_mistakes_are_listed_each_once():
    layer = {
        "sed": 1,
        "seeds": 0,
        "audio": {"min_seconds": 4},
        "spaces": {"pca": {"of": "adio"}, "basic_vae": {"beta": "1e-3"}},
        "methods": [*method(space="hybird"), {"name": "b"}, *method(clusterer="wart", name="c")],
        "tuning": {"space": "adio"},
        "show": ["umap"],
    }
    with pytest.raises(ConfigError) as caught:
        checks.check(merged(PAPER, layer), SCHEMA)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(set(lines))
    for beginning in (
        *("the configuration: unknown key 'sed'", "seeds is 0", "audio.min_seconds is 4"),
        *("spaces.pca.of names the unknown", "spaces.basic_vae.beta is the text"),
        *("methods[0] (agglomerative) names the unknown space", "methods[1]: the key 'label'"),
        *("methods[1]: the key 'task'", "tuning.space names the unknown", "show names the unknown"),
    ):
        assert sum(line.startswith(beginning) for line in lines) == 1, beginning
    assert any("unknown clusterer 'wart'" in line for line in lines)


def test_a_malformed_section_hides_only_the_checks_that_read_it():
    layer = {"audio": {"clip_seconds": "three"}, "assign": {"after": "new"}, "tuning": None}
    with pytest.raises(ConfigError) as caught:
        checks.check(merged(PAPER, layer), SCHEMA)
    assert [line.split(" is ")[0] for line in str(caught.value).splitlines()] == [
        *("tuning", "audio.clip_seconds", "assign.after"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "are no such file; allowed: a table (.csv, .tsv, .parquet), or one of gtzan"),
        ("artist,genre\n", "none of the columns file_path, filename; they have artist, genre"),
        ("filename,year\n", "none of the columns title, language, genre, song, artist, fold"),
        ("", "they have no header"),
        ("filename,artist\n", None),
    ],
)
def test_metadata_are_checked_before_any_job(tmp_path, text, message):
    path = tmp_path / "facts.csv"
    if text is not None:
        path.write_text(text)
    source = {"name": "a", "dataset": "gtzan", "metadata": str(path)}
    (*_, found) = [None, *checks.missing_files(merged(PAPER, {"sources": [source]}))]
    assert found is None if message is None else message in found
    assert not list(checks.missing_files(PAPER | {"sources": [source | {"metadata": "gtzan"}]}))


def test_files_that_are_missing_are_named_before_any_job(tmp_path):
    (tmp_path / "empty").mkdir()
    layer = {
        "sources": [
            {"name": "a", "path": str(tmp_path / "none"), "language": "x"},
            {"name": "b", "path": str(tmp_path / "empty"), "language": "x"},
            {"name": "c", "dataset": "gtzan"},
        ],
        "text": {"model": str(tmp_path / "model")},
        "spaces": {"own": {"kind": "external", "path": str(tmp_path / "own.parquet")}},
    }
    sentences = list(checks.missing_files(merged(PAPER, layer)))
    assert len(sentences) == 4
    assert "'a'" in sentences[0]
    assert "does not exist" in sentences[0]
    assert "no audio below" in sentences[1]
    assert sentences[2].startswith("text.model is ")
    assert sentences[3].startswith("spaces.own.path is ")
