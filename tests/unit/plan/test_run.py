"""A plan has what the requested results need, and nothing else."""

from planning import NOTHING, PAPER, method, plan
from project import REPOSITORY

from hybridmusic.plan.layers import layered
from hybridmusic.plan.run import Plan


def test_the_paper_needs_every_space_and_leaves_nothing_out():
    paper = plan()
    assert list(paper.spaces) == list(PAPER["spaces"])
    assert paper.left_out == []
    assert set(PAPER["studies"]) - set(paper.studies) == {"choosing_k", "few_labels"}
    assert set(paper.requested_tables) == {
        name + ending for name in ("table2", "agreement", "internal") for ending in ("", "_genres")
    }


def test_nothing_is_needed_where_nothing_is_requested():
    empty = plan(NOTHING)
    assert empty.spaces == {}
    assert empty.graphs == {}
    assert empty.requested_tables == []
    assert empty.summarised == []


def test_a_method_needs_its_space_and_the_ancestors_of_it_alone():
    assert list(plan(NOTHING, {"methods": [method("audio_quantile")]}).spaces) == [
        *("audio", "audio_quantile"),
    ]
    with_reference = plan(NOTHING, {"methods": [method("pca")], "reference": "hybrid"})
    assert set(with_reference.spaces) == {"audio", "text", "hybrid", "pca"}


def test_results_of_every_kind_request_spaces():
    assert list(plan(NOTHING, {"show": ["umap_pca"]}).spaces) == ["audio", "pca", "umap_pca"]
    tuned = plan(NOTHING, {"studies": ["tuning"]})
    assert (list(tuned.spaces), tuned.studies) == (["audio"], ["tuning"])
    reduced = plan(NOTHING, {"studies": ["reduction"], "reduction": {"spaces": ["audio"]}})
    # PCA and UMAP of audio are configured as spaces, and used instead of being made again.
    assert list(reduced.spaces) == ["audio", "pca", "umap_audio"]
    panel = {"title": "A", "map": "umap_audio", "colour": "genre"}
    shown = plan(NOTHING, {"figures": {"umap_panel": [panel]}})
    assert list(shown.spaces) == ["audio", "umap_audio"]


def test_studies_of_networks_are_left_out_with_a_word_where_no_result_needs_one():
    own = plan(
        NOTHING,
        {"methods": [method("audio")], "studies": ["disentanglement", "probes", "reconstruction"]},
    )
    assert own.studies == ["probes"]
    assert own.networks == []
    assert [sentence.split(",")[0] for sentence in own.left_out] == [
        *("Left out: the study disentanglement", "Left out: the study reconstruction"),
    ]


def test_parts_of_figures_that_are_not_configured_are_left_out_with_a_word():
    panels = [
        {"title": "A", "map": "umap_audio", "colour": "m"},
        {"title": "B", "map": "umap_none", "colour": "m"},
        {"title": "C", "map": "umap_audio", "colour": "other"},
    ]
    figures = {"umap_panel": panels, "genre_distribution": {"method": "cond_vae_kmeans"}}
    figures |= {"reconstructions": {"networks": ["basic_vae", "no_vae"], "tracks": 1}}
    own = plan(NOTHING, {"methods": [method("audio")], "figures": figures})
    assert [panel["title"] for panel in own.panels] == ["A"]
    assert own.shown_networks == ["basic_vae"]
    assert own.distribution is None
    words = " ".join(own.left_out)
    for part in ("'B', 'C'", "no space 'umap_none'", "no method 'other'", "no_vae", "cond_vae_kme"):
        assert part in words


def test_a_reference_that_is_switched_off_is_no_reference():
    own = plan({"spaces": {"hybrid": None}, "methods": [method("audio")]})
    assert own.reference is None
    assert own.measured == ["audio"]
    assert any("each method's own space" in sentence for sentence in own.left_out)


def test_spaces_that_need_sound_are_left_out_with_all_that_is_made_of_them():
    sets = {"rich": ["rich"], "culture": ["culture"], "both": ["rich", "culture"]}
    blocks = {name: {"kind": "descriptors", "sets": names} for name, names in sets.items()}
    layer = {
        "audio": {"also": ["rich", "culture"]},
        "spaces": blocks | {"map": {"kind": "umap", "of": "both"}},
        "methods": [*PAPER["methods"], method("map")],
        "show": ["rich", "map"],
    }
    assert "map" in plan(layer).spaces
    silent = plan(layer, sound=False)
    assert {"culture", "both", "map"} & set(silent.every) == set()
    assert "rich" in silent.spaces
    assert "m" not in silent.methods
    assert silent.left_out[0].startswith("Left out: the spaces culture, both, map, because")
    assert plan(sound=False).left_out == []


def test_maps_that_are_only_shown_need_one_seed():
    one = {"reduction": {"spaces": ["pca"], "clusterers": ["kmeans"]}}
    maps = {name for name, row in PAPER["spaces"].items() if row["kind"] == "umap"}
    # A method clusters the one, and the other is the map of the space that is reduced.
    assert maps & plan(one).repeated == {"umap_hybrid", "umap_pca"}
    # Clusters, and networks, are made from every seed of what they are made from.
    spaces = {
        "again": {"kind": "pca", "of": "umap_audio"},
        "of_map": {"kind": "vae", "of": "umap_basic_vae"},
    }
    methods = [*PAPER["methods"], method("again"), method("of_map", "n")]
    more = plan(one, {"spaces": spaces, "methods": methods})
    new = more.repeated - plan(one).repeated
    assert new == {"again", "umap_audio", "of_map", "umap_basic_vae"}


def test_a_limit_of_exact_searches_is_handed_to_kinds_that_search_alone():
    paper = plan({"exact_up_to": 7})
    assert paper.exact_up_to("networks", "vae") is None
    assert paper.exact_up_to("networks", "contrastive_vae") == 7
    assert paper.exact_up_to("transforms", "umap") == 7
    assert paper.exact_up_to("transforms", "pca") is None


def test_recipes_plan_what_they_are_for():
    source = {"name": "mine", "path": "/music", "language": "english"}
    own = Plan(layered({"recipe": "map", "sources": [source]}, REPOSITORY / "config"))
    assert list(own.spaces) == ["audio", "umap_audio"]
    assert (own.studies, own.requested_tables, own.left_out) == ([], [], [])
    compare = layered({"recipe": "compare", "sources": [source]}, REPOSITORY / "config")
    baselines = {row["name"]: row["space"] for row in compare["baselines"]}
    assert set(baselines.values()) == {"audio", "audio_quantile"}
    # The strongest of these is what methods of one's own are compared with.
    assert set(baselines) - set(compare["statistics"]["baselines"]) == {"random"}
    assert Plan(compare).left_out == []
