"""What a configuration may hold is checked before anything runs, and told in one sentence."""

import copy

import pytest
import yaml
from project import REPOSITORY, merged

from hybridmusic import kinds
from hybridmusic.errors import ConfigError
from hybridmusic.plan import run

SCHEMA = yaml.safe_load((REPOSITORY / "workflow/schemas/config.schema.yaml").read_text())
PAPER = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text())


def test_the_shipped_configurations_are_valid():
    run.check(PAPER, SCHEMA)
    for layers in (["demo"], ["as_published"], ["beyond"], ["beyond", "demo"]):
        whole = PAPER
        for name in layers:
            layer = yaml.safe_load((REPOSITORY / f"config/{name}.yaml").read_text())
            whole = merged(whole, layer)
        run.check(whole, SCHEMA)


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
            r"^spaces.rich.sets names 'rich', which no clip is described by: audio.also has to",
        ),
        (
            {"text": {"descriptors": ["tempo", "cycle"]}},
            r"^text.descriptors names 'cycle', which the set of descriptors culture tells: audio",
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
        ({"sources": [{"name": "a", "path": "x"}] * 2}, r"two are named 'a'"),
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
        ({"spaces": {"hybrid": None}}, r"names the unknown space 'hybrid'"),
        (
            {"spaces": {"clap": {"kind": "external"}}},
            r"^spaces.clap: the key 'path' is missing",
        ),
        ({"spaces": {"Bad name": {"kind": "pca"}}}, r"Bad name"),
        ({"methods": method(space="hybird")}, r"unknown space 'hybird' \(did you mean 'hybrid'"),
        ({"methods": method(clusterer="wart")}, r"unknown clusterer 'wart' \(did you mean 'ward'"),
        ({"methods": method(eps=1)}, r"methods\[0\] \(agglomerative\): unknown key 'eps'"),
        ({"methods": method() * 2}, r"two methods have this name"),
        (panel(map="umap"), r"^figures.umap_panel\[0\].map names the unknown space 'umap'"),
        (panel(map="audio"), r"^figures.umap_panel\[0\].map .* two dimensions"),
        (panel(colour="kmeans"), r"colour is 'kmeans'; allowed: language, genre or a method"),
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
        (
            {"figures": {"genre_distribution": {"method": "cond"}}},
            r"^figures.genre_distribution.method names the unknown method 'cond'",
        ),
        ({"k": ["genres"]}, r"^k .* at least one number"),
        ({"k": ["genres", "auto"]}, r"^k .* at least one number"),
        ({"k": ["best"]}, r"^k\[0\] is 'best'; allowed: .* or genres, or auto"),
        ({"choosing": {"candidates": [1]}}, r"^choosing.candidates\[0\] is 1; .* from 2"),
        (
            {"reduction": {"spaces": ["audio", "adio"]}},
            r"^reduction.spaces names the unknown space 'adio' \(did you mean 'audio'\?\)",
        ),
        (
            {"spaces": {"umap_pca": None}, "reduction": {"spaces": ["umap_pca"]}},
            r"^reduction.spaces names the unknown space 'umap_pca'",
        ),
        (
            {"reduction": {"clusterers": ["wards"]}},
            r"^reduction.clusterers names the unknown clusterer 'wards'",
        ),
        ({"tuning": {"space": "adio"}}, r"^tuning.space names the unknown space 'adio'"),
        ({"tuning": {"latent": 8}}, r"^tuning.latent is 8; allowed: a list of one to eight"),
        ({"tuning": {"beta": [1, 1]}}, r"^tuning.beta is \[1, 1\]; allowed: .* different numbers"),
        ({"tuning": {"learning_rate": ["1e-3"]}}, r"^tuning.learning_rate\[0\] is the text '1e-3'"),
    ],
)
def test_what_is_wrong_is_named(layer, message):
    with pytest.raises(ConfigError, match=message) as caught:
        run.check(merged(PAPER, layer), SCHEMA)
    assert "\n" not in str(caught.value)


def test_a_space_set_to_null_is_switched_off():
    assert "pca" not in run.spaces(merged(PAPER, {"spaces": {"pca": None}}))


def test_a_reduction_is_found_among_the_spaces_only_at_its_defaults():
    assert run.transformed(PAPER, "audio", "pca") == "pca"
    assert run.transformed(PAPER, "hybrid", "umap") == "umap_hybrid"
    assert run.transformed(PAPER, "autoencoder", "umap") is None
    other = merged(PAPER, {"spaces": {"pca": {"variance": 0.5}, "umap_hybrid": None}})
    assert run.transformed(other, "audio", "pca") is None
    assert run.transformed(other, "hybrid", "umap") is None


def test_what_saw_the_genres_is_found_through_its_ancestors():
    found = {name: run.condition(PAPER, name) for name in run.spaces(PAPER)}
    assert {n for n, c in found.items() if c == "genre"} == {"cond_vae", "umap_cond_vae"}
    assert {n for n, c in found.items() if c == "language"} == {
        *("cond_vae_language", "independent_vae"),
        *("audio_by_language", "audio_quantile_by_language"),
    }


def test_what_a_space_is_by_being_told_a_label_is_found_through_its_ancestors():
    found = {name: run.told(PAPER, name) for name in run.spaces(PAPER)}
    assert {name: word for name, word in found.items() if word} == {
        **dict.fromkeys(["cond_vae", "cond_vae_language", "umap_cond_vae"], "conditioned"),
        **dict.fromkeys(["audio_by_language", "audio_quantile_by_language"], "scaled"),
        "independent_vae": "independent",
    }
    both = {"kind": "vae", "of": "audio_by_language", "condition": "language"}
    assert run.told(merged(PAPER, {"spaces": {"both": both}}), "both") == "conditioned, scaled"


def test_spaces_that_need_sound_can_be_left_out_with_all_that_is_made_of_them():
    assert run.need_sound(PAPER) == []
    sets = {"rich": ["rich"], "culture": ["culture"], "both": ["rich", "culture"]}
    blocks = {name: {"kind": "descriptors", "sets": names} for name, names in sets.items()}
    spaces = blocks | {"map": {"kind": "umap", "of": "both"}}
    methods = PAPER["methods"] + [PAPER["methods"][0] | {"name": "c", "space": "map", "label": "c"}]
    also = {"audio": {"also": ["rich", "culture"]}}
    whole = merged(PAPER, also | {"spaces": spaces, "methods": methods})
    run.check(whole, SCHEMA)
    assert run.need_sound(whole) == ["culture", "both", "map"]
    less = merged(whole, run.without(whole, run.need_sound(whole)))
    run.check(less, SCHEMA)
    assert set(run.spaces(less)) == {*run.spaces(PAPER), "rich"}
    assert less["methods"] == PAPER["methods"]


def test_maps_that_are_only_looked_at_need_one_seed():
    maps = {name for name, row in run.spaces(PAPER).items() if row["kind"] == "umap"}
    one = merged(PAPER, {"reduction": {"spaces": ["pca"], "clusterers": ["kmeans"]}})
    # A method clusters the one, and the other is the map of the space that is reduced.
    assert maps & run.repeated(one) == {"umap_hybrid", "umap_pca"}
    # Clusters, and networks, are made from every seed of what they are made from.
    method = PAPER["methods"][0] | {"name": "m", "label": "M", "space": "again"}
    spaces = {
        "again": {"kind": "pca", "of": "umap_audio"},
        "of_map": {"kind": "vae", "of": "umap_basic_vae"},
    }
    more = merged(one, {"spaces": spaces, "methods": [*PAPER["methods"], method]})
    also = run.repeated(more) - run.repeated(one)
    assert also == {"again", "umap_audio", "of_map", "umap_basic_vae"}


def test_every_kind_declares_settings_that_its_own_defaults_fit():
    for family in kinds.FAMILIES:
        assert kinds.kinds(family)
        for kind in kinds.kinds(family):
            schemas = kinds.schemas(family, kind)
            defaults = {n: s["default"] for n, s in schemas.items() if "default" in s}
            run._check_schema(defaults, {"properties": schemas}, kind)
            assert kinds.settings(family, kind, {}) == dict.fromkeys(schemas) | defaults
