"""The rules that an edit makes stale are those whose results depend on it, and no others.

The lists are kept here on purpose: a change that lets more become stale has to be seen.
"""

import os
import re
from pathlib import Path

import pytest

# Rules that train, cluster or decode: rewording must never make one of them stale.
COSTLY = {
    *("list_tracks", "extract_features", "embed_sentences", "build_block", "transform_space"),
    *("train_network", "train_fusion", "hold_out_songs", "tune_network", "cluster_space"),
    *("reduce_and_cluster", "probe_labels", "audit_labels", "estimate_uncertainty"),
    *("measure_leaderboard", "refit_methods", "cut_baselines"),
}
FIGURES = {
    *("draw_umap_panel", "draw_reconstructions", "draw_genre_distribution", "draw_tradeoff"),
    *("draw_reduction", "draw_language", "draw_tuning_grid", "draw_beta_curve"),
}
# What reads clusters: scores, and whatever is made of scores.
OF_CLUSTERS = {
    *("score_clusterings", "estimate_uncertainty", "tabulate_scores", "tabulate_subsets"),
    *("tabulate_language", "draw_language", "draw_tradeoff", "tabulate_comparison"),
    *("assemble_tracks", "build_explorer", "audit_labels", "tabulate_audit", "write_summary"),
}
OF_SPACES = {
    *("measure_spaces", "measure_maps", "probe_labels", "tabulate_probes"),
    *("measure_leaderboard", "tabulate_leaderboard"),
}
# Footnotes, error sentences and the palette, and what becomes stale by them.
WORDS = {
    "tables/marks.py": {
        *FIGURES - {"draw_tuning_grid", "draw_beta_curve"},
        *("build_explorer", "tabulate_comparison", "tabulate_language", "tabulate_probes"),
        *("tabulate_reduction", "tabulate_scores", "tabulate_subsets", "tabulate_tuning"),
        *("tabulate_leaderboard", "write_summary"),
    },
    "plan/checks.py": set(),
    "figures/palette.py": {*FIGURES, "build_explorer"},
}
MODULES = {
    "clusterers/ward.py": {
        *("cluster_space", "refit_methods", "cut_baselines", *OF_CLUSTERS),
        *("reduce_and_cluster", "compare_reductions", "tabulate_reduction", "draw_reduction"),
    },
    "networks/autoencoder.py": {
        *("train_network", "hold_out_songs", "tabulate_reconstruction", "cluster_space"),
        "refit_methods",
        *("compute_disentanglement_metric", "tabulate_disentanglement"),
        *(*OF_SPACES, *OF_CLUSTERS),
    },
    "evaluation/scores.py": {
        *("score_clusterings", "tabulate_scores", "tabulate_comparison", "tabulate_subsets"),
        *("tune_network", "tabulate_tuning", "draw_tuning_grid", "draw_beta_curve"),
        *("draw_tradeoff", "write_summary"),
    },
    "tables/agreement.py": {"tabulate_scores", "tabulate_comparison", "write_summary"},
    # One of every other room.
    "figures/umap_panel.py": {"draw_umap_panel"},
    "evaluation/trustworthiness.py": {"measure_maps", "build_explorer"},
    "studies/disentanglement.py": {"compute_disentanglement_metric", "tabulate_disentanglement"},
    # The job that tabulates this study compares it too.
    "tables/language.py": {"tabulate_language", "draw_language", "write_summary"},
    "studies/__init__.py": set(),
    "demo/synthesis.py": set(),
}
# By the limit of exact searches: graphs, maps, clusters and scores, but nothing that trains.
EXACT = {
    *("find_neighbours", "transform_space", "cluster_space", *OF_SPACES, *OF_CLUSTERS),
    *("refit_methods", "cut_baselines"),
    *("reduce_and_cluster", "compare_reductions", "tabulate_reduction", "draw_reduction"),
    *("draw_umap_panel", "draw_genre_distribution", "record_settings", "tabulate_text_block"),
}


def edit(project, module: str) -> None:
    path = project.folder / "workflow/scripts/hybridmusic" / module
    path.write_text(path.read_text() + "\n# edited\n")


def test_rewording_trains_and_clusters_nothing():
    assert not COSTLY & set().union(*WORDS.values())


@pytest.mark.parametrize(("module", "rules"), (WORDS | MODULES).items())
def test_an_edited_module_makes_exactly_its_dependants_stale(copied, module, rules):
    edit(copied, module)
    assert copied.planned() == rules


def test_an_edited_clusterer_clusters_only_its_methods_again(copied):
    edit(copied, "clusterers/ward.py")
    said = copied.succeed("--dry-run")
    methods = re.findall(r"output: results/tiny/clusterings/(\w+)\.parquet", said)
    wards = {"quantile_ward", "standard_ward", "by_language_ward", "quantile_by_language_ward"}
    assert set(methods) == wards | {"agglomerative"}


def test_a_limit_of_exact_searches_concerns_only_what_searches(copied):
    copied.write_config(balance=False, exact_up_to=20_000)
    assert copied.planned() == EXACT
    assert not {"train_network", "train_fusion", "hold_out_songs", "tune_network"} & EXACT


def test_a_figures_resolution_concerns_only_figures(copied):
    text = (copied.folder / "tiny.yaml").read_text()
    (copied.folder / "tiny.yaml").write_text(text.replace("dpi: 60", "dpi: 61"))
    assert copied.planned() == {*FIGURES, "record_settings", "tabulate_comparison"} | {
        *("tabulate_text_block", "write_summary"),
    }


def test_a_touched_file_of_a_source_is_listed_again_and_decoded_by_nobody(copied):
    os.utime(copied.folder / "music/english/blues/0.wav")
    assert "list_tracks" in copied.planned()
    copied.succeed("features")
    logs = Path(copied.results, "logs").glob("extract_features_*.log")
    decoded = [re.search(r"clips known, (\d+) decoded", log.read_text())[1] for log in logs]
    # The broken file and the silent one, of which nothing is known.
    assert sum(map(int, decoded)) == 2


def test_a_new_file_in_a_source_is_seen(copied):
    source = copied.folder / "music/english/blues/0.wav"
    (source.parent / "new.wav").write_bytes(source.read_bytes())
    assert "list_tracks" in copied.planned()
