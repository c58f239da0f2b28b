"""The plan follows the question: nothing is made that no requested result needs."""

import pandas as pd
import pytest
import yaml
from project import Project

SOURCE = {"name": "en", "language": "english", "path": "music/english", "song": "file"}
# Three methods of one's own, without a network.
OWN = {
    "run": "own",
    "sources": [SOURCE],
    "spaces": {"own": {"kind": "pca", "of": "audio_quantile"}},
    "methods": [
        {"name": "a", "label": "A", "task": "Own", "space": "own", "clusterer": "kmeans"},
        {"name": "b", "label": "B", "task": "Own", "space": "own", "clusterer": "ward"},
        {"name": "c", "label": "C", "task": "Own", "space": "audio_quantile", "clusterer": "gmm"},
    ],
}
TRAINED = {"train_network", "train_fusion", "hold_out_songs", "tune_network"}


def configured(project: Project, **layer) -> Project:
    (project.folder / "tiny.yaml").write_text(yaml.safe_dump(layer))
    return project


def test_a_map_of_own_songs_plans_twenty_jobs_at_most(project):
    jobs = configured(project, recipe="map", run="mine", sources=[SOURCE]).jobs()
    assert sum(jobs.values()) <= 20
    assert {"build_explorer", "transform_space", "cluster_space"} <= set(jobs)
    assert not TRAINED & set(jobs)


def test_three_methods_of_ones_own_plan_thirty_jobs_at_most(project):
    tables = ("table2", "table2_genres", "agreement", "agreement_genres")
    files = [f"results/own/tables/{name}.md" for name in tables]
    jobs = configured(project, **OWN).jobs(*files)
    assert sum(jobs.values()) <= 30
    assert not TRAINED & set(jobs)
    # Agreement alone needs neither internal scores nor the space that the paper has them in.
    alone = project.jobs("results/own/tables/agreement_genres.md")
    assert not {"score_clusterings", "embed_sentences", "measure_spaces"} & set(alone)


def test_jobs_of_a_comparison_follow_the_rows(project):
    rows = OWN["methods"]
    counts = []
    for number in range(3):
        layer = OWN | {"recipe": "compare", "methods": rows[:number]}
        counts.append(configured(project, **layer).jobs())
    # The first row of one's own brings its space, and each brings its clusters.
    assert counts[1]["cluster_space"] == counts[0]["cluster_space"] + 1
    assert counts[1]["transform_space"] == counts[0]["transform_space"] + 1
    assert counts[2] == counts[1] | {"cluster_space": counts[1]["cluster_space"] + 1}
    assert not TRAINED & set(counts[2])


def test_a_file_that_is_not_requested_plans_its_ancestors_alone(project):
    configured(project, recipe="map", run="mine", sources=[SOURCE])
    assert set(project.planned("results/mine/spaces/pca.parquet")) == {
        *("list_tracks", "extract_features", "gather_features", "build_block", "transform_space"),
    }
    assert "tune_network" in project.planned("results/mine/tables/tuning.md")


def test_values_of_the_command_line_have_the_types_of_yaml(project):
    configured(project, recipe="map", sources=[SOURCE])
    said = project.succeed(
        *("--dry-run", "--config", "audio={segments: 3, from: spread}", "balance=false"),
        *("run=2024", "exact_up_to=500", "show=[umap_audio, umap_pca]"),
    )
    assert "results/2024/spaces/umap_pca.parquet" in said
    done = project.snakemake("--dry-run", "--config", "audio={segments: some}")
    assert "audio.segments is 'some'; allowed: a whole number from 1, or all" in (
        done.stdout + done.stderr
    )


@pytest.mark.long
def test_a_run_without_networks_genres_tables_and_hybrid_is_a_run(project):
    flat = project.folder / "flat"
    flat.mkdir()
    for number, path in enumerate(sorted((project.folder / "music").rglob("*.wav"))):
        path.rename(flat / f"{number}.wav")
    source = {"name": "flat", "language": "klingon", "path": "flat", "song": "file"}
    layer = {"recipe": "map", "run": "tiny", "sources": [source], "spaces": {"hybrid": None}}
    configured(project, **layer, audio={"clip_seconds": 2.0}).succeed()
    assert (project.results / "explorer/index.html").exists()
    assert (project.results / "summary.md").exists()
    assert not (project.results / "tables").exists()
    clusters = pd.read_parquet(project.results / "clusterings/kmeans.parquet")
    assert clusters["cluster"].nunique() == 8
    assert project.planned() == set()
