"""Facts about spaces are found through their ancestors."""

import yaml
from project import REPOSITORY, merged

from hybridmusic.plan import spaces

PAPER = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text())


def test_a_space_set_to_null_is_switched_off_with_all_that_is_made_from_it():
    rows = spaces.spaces(merged(PAPER, {"spaces": {"pca": None}}))
    assert set(PAPER["spaces"]) - set(rows) == {"pca", "umap_pca"}
    rows = spaces.spaces(merged(PAPER, {"spaces": {"text": None}}))
    off = {"text", "hybrid", "conv_vae_hybrid", "adaptive", "umap_hybrid"}
    assert set(PAPER["spaces"]) - set(rows) == off


def test_a_reduction_is_found_among_the_spaces_only_at_its_defaults():
    assert spaces.transformed(PAPER, "audio", "pca") == "pca"
    assert spaces.transformed(PAPER, "hybrid", "umap") == "umap_hybrid"
    assert spaces.transformed(PAPER, "autoencoder", "umap") is None
    other = merged(PAPER, {"spaces": {"pca": {"variance": 0.5}, "umap_hybrid": None}})
    assert spaces.transformed(other, "audio", "pca") is None
    assert spaces.transformed(other, "hybrid", "umap") is None


def test_the_genres_that_influenced_a_space_are_found_through_its_ancestors():
    conditions = {name: spaces.condition(PAPER, name) for name in spaces.spaces(PAPER)}
    assert {n for n, c in conditions.items() if c == "genre"} == {"cond_vae", "umap_cond_vae"}
    assert {n for n, c in conditions.items() if c == "language"} == {
        *("cond_vae_language", "independent_vae"),
        *("audio_by_language", "audio_quantile_by_language"),
    }


def test_a_space_that_uses_a_label_for_its_own_scaling_alone_can_be_scaled_again():
    settings = {"by": "language"}
    found = {name: spaces.scaling(PAPER, name) for name in spaces.spaces(PAPER)}
    assert {name: made for name, made in found.items() if made} == {
        "audio_by_language": {"kind": "standardise", "settings": settings},
        "audio_quantile_by_language": {"kind": "quantile_normal", "settings": settings},
    }
    rows = {
        "below": {"kind": "pca", "of": "audio_by_language"},
        "twice": {"kind": "standardise", "of": "audio_by_language", "by": "language"},
        "shown": {"kind": "standardise", "of": "cond_vae", "by": "language"},
        "plain": {"kind": "standardise", "of": "audio"},
    }
    layered = merged(PAPER, {"spaces": rows})
    assert [spaces.scaling(layered, name) for name in rows] == [None] * 4
    used = {name: spaces.labels_used(layered, name) for name in rows}
    assert used == {
        **{"below": {"language"}, "twice": {"language"}},
        **{"shown": {"genre", "language"}, "plain": set()},
    }


def test_adjectives_of_a_space_are_found_through_its_ancestors():
    adjectives = {name: spaces.adjectives(PAPER, name) for name in spaces.spaces(PAPER)}
    assert {name: word for name, word in adjectives.items() if word} == {
        **dict.fromkeys(["cond_vae", "cond_vae_language", "umap_cond_vae"], "conditioned"),
        **dict.fromkeys(["audio_by_language", "audio_quantile_by_language"], "scaled"),
        "independent_vae": "independent",
    }
    both = {"kind": "vae", "of": "audio_by_language", "condition": "language"}
    layered = merged(PAPER, {"spaces": {"both": both}})
    assert spaces.adjectives(layered, "both") == "conditioned, scaled"


def test_a_vae_and_a_network_are_found_through_ancestors():
    assert spaces.has_network(PAPER, "umap_basic_vae")
    assert spaces.has_vae(PAPER, "umap_basic_vae")
    assert spaces.has_network(PAPER, "autoencoder")
    assert not spaces.has_vae(PAPER, "autoencoder")
    assert not spaces.has_network(PAPER, "umap_hybrid")


def test_the_level_is_songs_in_whatever_is_made_of_pooled_songs_alone():
    rows = {
        "songs": {"kind": "pool_songs", "of": "audio"},
        "on": {"kind": "pca", "of": "songs"},
        "mixed": {"kind": "concatenate", "of": ["songs", "audio"]},
    }
    layered = merged(PAPER, {"spaces": rows})
    assert [spaces.level(layered, name) for name in rows] == ["song", "song", "clip"]
    method = PAPER["methods"][0] | {"space": "on"}
    assert spaces.label(layered, method) == "Agglomerative (song level)"


def test_a_map_has_its_true_neighbours_in_the_space_that_it_was_made_from():
    assert spaces.origins(PAPER, "umap_hybrid") == ["hybrid"]
    assert spaces.origins(PAPER, "basic_vae") == ["basic_vae"]


def test_the_origin_of_a_map_is_what_it_was_made_from():
    rows = {
        "a": {"kind": "mfcc"},
        "p": {"kind": "pca", "of": "a"},
        "m": {"kind": "umap", "of": "p"},
        "n": {"kind": "umap", "of": "m"},
        "v": {"kind": "vae", "of": "m"},
    }
    origins = {name: spaces.origins({"spaces": rows}, name) for name in rows}
    assert origins == {"a": ["a"], "p": ["p"], "m": ["p"], "n": ["p"], "v": ["v"]}
    assert spaces.ordered({"spaces": rows}, ["n", "v"]) == ["a", "p", "m", "n", "v"]


def test_spaces_made_from_a_pretrained_model_are_conditioned_on_other_data():
    rows = {
        "heard": {"kind": "pretrained", "model": "somebody/mini"},
        "clap": {"kind": "external", "path": "x.npz"},
        "own": {"kind": "external", "path": "y.npz", "pretrained": False},
        "map": {"kind": "umap", "of": "heard"},
        "scaled": {"kind": "standardise", "of": "clap", "by": "language"},
        "shown": {"kind": "vae", "of": "heard", "condition": "genre"},
    }
    conditions = {name: spaces.condition({"spaces": rows}, name) for name in rows}
    assert conditions == {
        **dict.fromkeys(["heard", "clap", "map", "scaled"], "other data"),
        **{"own": "none", "shown": "genre"},
    }
    assert spaces.needing_sound({"spaces": rows}) == ["heard", "map", "shown"]
