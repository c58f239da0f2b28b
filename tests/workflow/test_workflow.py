"""The workflow as a user meets it: what it makes, what it makes again, and how it fails."""

import json
import os
import re

import numpy as np
import pandas as pd
import pytest
import soundfile
import yaml
from project import GENRES
from safetensors.numpy import load_file
from sklearn.metrics import normalized_mutual_info_score, silhouette_score
from sklearn.preprocessing import StandardScaler

PAPER_METHODS = {
    "raw_kmeans": "Raw K-Means",
    "pca_kmeans": "PCA + K-Means",
    "spectral": "Spectral Clustering",
    "autoencoder_kmeans": "Autoencoder + K-Means",
    "basic_vae_kmeans": "Basic VAE",
    "conv_vae_kmeans": "Conv VAE",
    "cond_vae_kmeans": "Cond VAE",
    "hybrid_kmeans": "Hybrid K-Means",
    "agglomerative": "Agglomerative",
    "dbscan_original": "DBSCAN (original)",
    "dbscan_umap": "DBSCAN (UMAP)",
}
FIGURES = (
    *("umap_panel", "reconstructions", "genre_distribution"),
    *("tuning_grid", "beta_curve", "tradeoff", "reduction", "language"),
)
LANGUAGE = {"tabulate_language", "draw_language", "write_summary"}
DISENTANGLED = {"compute_disentanglement_metric", "tabulate_disentanglement"}
TUNED = {
    *("tabulate_tuning", "draw_tuning_grid", "draw_beta_curve", "draw_tradeoff"),
    "write_summary",
}
COMPARISON = {"tabulate_comparison", "tabulate_text_block", "write_summary"}
COLLECTED = (
    "downloads",
    "catalogue",
    "features",
    "spaces",
    "clusterings",
    "scores",
    "tables",
    "tuning",
    "figures",
    "explorer",
    "all",
)


def read(project, name):
    return pd.read_parquet(project.results / name)


def vectors(project, space):
    return np.stack(read(project, f"spaces/{space}.parquet")["vector"])


def test_a_whole_run_makes_every_file_of_the_contract(computed):
    for name in (
        *("catalogue.parquet", "features.parquet", "sentences.parquet", "embeddings.parquet"),
        *("rejected.csv", "scores.parquet", "tracks.parquet", "config.yaml", "software.csv"),
        *(f"spaces/{s}.parquet" for s in ("audio", "text", "hybrid", "pca", "umap_hybrid")),
        *(f"clusterings/{method}.parquet" for method in PAPER_METHODS),
        *(f"models/cond_vae/{f}" for f in ("weights.safetensors", "settings.json")),
        *(
            f"tables/{t}.{e}"
            for t in (
                *("table2", "reconstruction", "reduction", "tuning", "comparison", "text_block"),
                *("associations", "probes", "subsets", "audit", "language", "disentanglement"),
                "leaderboard",
            )
            for e in ("csv", "md", "tex")
        ),
        *(f"figures/{figure}.{ending}" for figure in FIGURES for ending in ("png", "pdf")),
    ):
        path = computed.results / name
        assert path.stat().st_size > 0, name
    assert not list(computed.results.rglob("*.pkl"))


def test_the_explorer_shows_and_plays_every_track(computed):
    folder = computed.results / "explorer"
    page = (folder / "index.html").read_text()
    for name in re.findall(r'(?:src|href)="([^":]+)"', page):
        assert (folder / name).stat().st_size > 0, name
    text = (folder / "data.js").read_text()
    data = json.loads(text.removeprefix("const DATA = ").removesuffix(";\n"))
    assert data["ids"] == read(computed, "features.parquet")["id"].to_list()
    maps = {one["name"]: one for one in data["maps"]}
    assert set(maps) == {"umap_audio", "umap_hybrid"}
    np.testing.assert_allclose(maps["umap_audio"]["x"], vectors(computed, "umap_audio")[:, 0], 1e-3)
    for row, clips in enumerate(data["folders"]):
        assert soundfile.info(folder / f"clips/{clips}/{row}.mp3").duration >= 2


def test_what_cannot_be_used_is_listed_and_the_rest_runs(computed):
    rejected = pd.read_csv(computed.results / "rejected.csv")
    assert list(rejected) == ["file_path", "reason"]
    reasons = rejected.set_index("file_path")["reason"]
    assert reasons["music/bangla/Folk/9.wav"] == "is silent"
    assert reasons["music/english/blues/broken.wav"].startswith("cannot be decoded")
    assert len(reasons) == 2
    assert len(read(computed, "catalogue.parquet")) == 26
    assert len(read(computed, "features.parquet")) == 24


def test_every_space_has_a_vector_for_every_track(computed):
    ids = read(computed, "features.parquet")["id"].to_list()
    for path in (computed.results / "spaces").glob("*.parquet"):
        table = pd.read_parquet(path)
        assert list(table) == ["id", "seed", "vector"]
        assert table["id"].to_list() == ids, path
        assert table["vector"].map(len).nunique() == 1
    widths = {s: vectors(computed, s).shape[1] for s in ("audio", "text", "hybrid", "umap_audio")}
    assert widths == {"audio": 52, "text": 384, "hybrid": 436, "umap_audio": 2}


def test_hybrid_is_both_blocks_each_standardised(computed):
    mfcc = np.stack(read(computed, "features.parquet")["mfcc"])
    expected = StandardScaler().fit_transform(mfcc.astype(float))
    hybrid = vectors(computed, "hybrid")
    np.testing.assert_allclose(hybrid[:, :52], expected, atol=1e-4)
    spread = hybrid.std(axis=0)
    assert ((np.abs(spread - 1) < 1e-3) | (spread == 0)).all()


def test_each_distinct_sentence_is_embedded_once(computed):
    sentences = read(computed, "sentences.parquet")["sentence"]
    embeddings = read(computed, "embeddings.parquet")["sentence"]
    assert sorted(set(sentences)) == embeddings.to_list()
    assert sentences.str.fullmatch(
        r"Audio with (slow|medium|fast) tempo, (low|medium|high) energy, "
        r"(dark|balanced|bright) sound, (simple|moderate|complex) rhythm"
    ).all()


def test_clusterings_have_k_clusters_for_the_papers_k_and_for_genres(computed):
    for method in PAPER_METHODS:
        table = read(computed, f"clusterings/{method}.parquet")
        assert list(table) == ["id", "seed", "k", "cluster"]
        if method.startswith("dbscan"):
            assert table["k"].isna().all()
            continue
        counts = table.groupby("k")["cluster"].nunique()
        assert counts.to_dict() == {3: 3, 6: 6}


def test_scores_agree_with_the_files_they_are_about(computed):
    scores = read(computed, "scores.parquet")
    assert list(scores) == [
        *("method", "space", "clusterer", "k", "seed", "metric", "measured_in", "value")
    ]
    genres = read(computed, "catalogue.parquet").set_index("id")["genre"]
    table = read(computed, "clusterings/raw_kmeans.parquet").query("k == 3")
    nmi = normalized_mutual_info_score(genres[table["id"]], table["cluster"])
    row = scores.query("method == 'raw_kmeans' and k == 3 and metric == 'nmi'")
    assert row.set_index("measured_in")["value"]["genre"] == pytest.approx(nmi)
    spaces = set(scores.query("method == 'pca_kmeans' and metric == 'silhouette'")["measured_in"])
    assert spaces == {"pca", "hybrid"}


def test_table2_is_the_papers_from_the_scores(computed):
    table = pd.read_csv(computed.results / "tables/table2.csv").set_index("Method")
    assert ",".join(table.reset_index()) == (
        "Method,Task,Silhouette,C-H Index,D-B Index,ARI,NMI,Purity"
    )
    assert set(PAPER_METHODS.values()) <= set(table.index)
    scores = read(computed, "scores.parquet")
    for method, label in PAPER_METHODS.items():
        own = scores[(scores["method"] == method) & ((scores["k"] == 3) | scores["k"].isna())]
        value = own.query("metric == 'silhouette' and measured_in == 'hybrid'")["value"].mean()
        assert table["Silhouette"][label] == pytest.approx(value, abs=1e-4, nan_ok=True)
    text = (computed.results / "tables/table2.md").read_text()
    assert "Cond VAE†" in text
    assert "Cond VAE (language only)†" not in text
    # DBSCAN on the original space calls everything noise: one cluster, and the table says so.
    assert np.isnan(table["Silhouette"]["DBSCAN (original)"])
    assert "DBSCAN (original) has no internal score" in text


def test_tracks_hold_the_papers_table_1(computed):
    tracks = read(computed, "tracks.parquet")
    assert {
        *("id", "title", "language", "genre", "file_path", "audio_features", "song"),
        *("audio_description", "text_embeddings", "genre_encoded"),
        *(f"cluster_{method}" for method in PAPER_METHODS),
    } <= set(tracks)
    assert tracks["id"].is_unique
    assert tracks["audio_features"].map(len).eq(52).all()
    assert tracks["text_embeddings"].map(len).eq(384).all()
    names = sorted(name for of_language in GENRES.values() for name in of_language)
    assert tracks["genre_encoded"].map(dict(enumerate(names))).equals(tracks["genre"])
    clustering = read(computed, "clusterings/raw_kmeans.parquet").query("k == 3")
    assert tracks["cluster_raw_kmeans"].to_list() == clustering["cluster"].to_list()


def test_models_are_saved_with_settings_and_history(computed):
    model = computed.results / "models/cond_vae"
    settings = json.loads((model / "settings.json").read_text())
    assert settings["conditioned_on"] == "genre"
    assert settings["device"] == "cpu"
    assert len(settings["classes"]) == 6
    weights = load_file(model / "weights.safetensors")
    assert weights["encoder.0.weight"].shape == (1, 52 + 6, 128)
    history = pd.read_parquet(model / "history.parquet")
    assert list(history) == ["seed", "epoch", "reconstruction", "kl", "other", "active_units"]
    # This network minimises nothing but its bound.
    assert (history["other"] == 0).all()
    assert len(history) == settings["epochs"] == 2
    held_out = pd.read_parquet(model / "held_out.parquet")
    assert set(held_out["part"]) == {"training", "held_out"}
    log = (computed.results / "logs/train_network_cond_vae.log").read_text()
    assert re.search(r"epoch 2 of 2: reconstruction [\d.]+, KL [\d.]+, .* active units", log)


def test_attention_is_saved_for_every_track_and_space_that_is_fused(computed):
    attention = read(computed, "models/adaptive/attention.parquet")
    assert list(attention) == ["id", "seed", "parent", "weight"]
    ids = read(computed, "features.parquet")["id"].to_list()
    assert attention["id"].to_list() == np.repeat(ids, 2).tolist()
    assert attention["parent"].to_list() == ["audio", "text"] * len(ids)
    np.testing.assert_allclose(attention.groupby("id")["weight"].sum(), 1, atol=1e-6)
    assert vectors(computed, "adaptive").shape == (len(ids), 16)
    table = pd.read_csv(computed.results / "tables/reconstruction.csv").set_index("Network")
    assert table["Input"]["adaptive"] == "audio + text"


def test_baselines_stand_in_the_table_beside_the_methods(computed):
    table = pd.read_csv(computed.results / "tables/table2.csv").set_index("Method")
    assert (table["Task"] == "Baseline").sum() == 7
    clusters = read(computed, "clusterings/majority.parquet")["cluster"]
    assert clusters.eq(0).all()
    genres = read(computed, "tracks.parquet")["genre"]
    commonest = genres.value_counts(normalize=True).max()
    assert table["Purity"]["One cluster"] == pytest.approx(commonest, abs=1e-4)
    assert table["NMI"]["One cluster"] == 0
    assert table["NMI"]["Random clusters"] < 0.5


def test_the_tuning_grid_is_whole_and_its_table_the_means(computed):
    grid = pd.concat(map(pd.read_parquet, (computed.results / "tuning").iterdir()))
    settings = ["latent", "beta", "learning_rate"]
    rows = grid.set_index([*settings, "seed"]).index
    whole = pd.MultiIndex.from_product([[2, 4], [1.0, 4.0], [0.001, 0.0005], [42]])
    assert set(rows) == set(whole)
    assert len(rows) == len(whole)
    held_out = read(computed, "models/basic_vae/held_out.parquet").query("part == 'held_out'")
    assert set(grid["n_tracks"]) == set(held_out["n_tracks"])
    table = pd.read_csv(computed.results / "tables/tuning.csv").set_index(
        ["Latent", "β", "Learning rate"]
    )
    expected = grid.groupby(settings)["elbo"].mean()
    np.testing.assert_allclose(table["ELBO"], expected.loc[list(table.index)], rtol=1e-5)


def test_reductions_that_are_spaces_already_are_those_that_are_clustered(computed):
    table = read(computed, "reduction/hybrid.parquet")
    rows = table.query("reduction == 'umap' and clusterer == 'kmeans'")
    space = read(computed, "spaces/umap_hybrid.parquet")
    assert rows[["id", "seed"]].to_numpy().tolist() == space[["id", "seed"]].to_numpy().tolist()
    first = rows[rows["seed"] == 42]
    x = np.stack(space[space["seed"] == 42]["vector"])
    expected = silhouette_score(x, first["cluster"])
    assert first["silhouette"].mean() == pytest.approx(expected, abs=1e-6)
    full = pd.read_csv(computed.results / "tables/reduction.csv")
    full = full.set_index(["Clusterer", "Space", "Reduction"])
    assert len(full) == 4 * 2 * 3
    genres = read(computed, "catalogue.parquet").set_index("id")["genre"]
    nmi = [
        normalized_mutual_info_score(genres.loc[of["id"]], of["cluster"])
        for _, of in rows.groupby("seed")
    ]
    assert full.loc[("kmeans", "hybrid", "UMAP"), "NMI"] == pytest.approx(np.mean(nmi), abs=1e-4)
    text = (computed.results / "tables/reduction.md").read_text()
    assert "- UMAP before kmeans, ward, spectral " in text


def test_language_stands_beside_genre_for_every_method(computed):
    table = read(computed, "language.parquet").set_index("method")
    scores = read(computed, "scores.parquet").query("k == 3 or k.isna()")
    for label, column in (("genre", "genre_nmi"), ("language", "language_nmi")):
        found = scores[(scores["metric"] == "nmi") & (scores["measured_in"] == label)]
        expected = found.groupby("method")["value"].mean()
        np.testing.assert_allclose(table[column], expected.loc[table.index], atol=1e-9)
    assert table["shared_nmi"].notna().all()
    assert table.loc["by_language_ward", "remedy"] == "scaled"
    assert table.loc["cond_vae_language_kmeans", "remedy"] == "conditioned"
    assert table.loc["independent_vae_kmeans", ["family", "remedy"]].to_list() == [
        *("learned", "independent")
    ]
    text = (computed.results / "tables/language.md").read_text()
    assert "(metal, pop)" in text


def test_every_network_is_measured_by_its_disentanglement(computed):
    found = read(computed, "disentanglement.parquet")
    networks = {path.name for path in (computed.results / "models").iterdir()}
    assert set(found["space"]) == networks
    assert set(found["factors"]) == {"measured"}
    mig = found[found["metric"].eq("mig") & found["factor"].notna()]
    # No genre has ten tracks.
    assert set(mig["factor"]) == {"tempo", "energy", "brightness", "rhythm", "language"}
    assert set(mig["seed"]) == {42}
    assert found["chance"].notna().all()


def test_logs_and_benchmarks_are_written_for_every_job(computed):
    benchmarks = {path.stem for path in (computed.results / "benchmarks").iterdir()}
    logs = {path.stem for path in (computed.results / "logs").iterdir()}
    assert benchmarks == logs
    assert len(logs) > 30
    assert "2 of 26 tracks rejected" in (computed.results / "logs/gather_features.log").read_text()


def test_nothing_is_done_twice(copied):
    """Not after modules were touched either: what they say decides."""
    for path in (copied.folder / "workflow/scripts/hybridmusic").rglob("*.py"):
        os.utime(path)
    assert copied.planned() == set()


def test_a_restyled_figure_is_drawn_again_alone(copied):
    figure = copied.results / "figures/umap_panel.png"
    before, table = figure.read_bytes(), copied.results / "tables/table2.csv"
    stamp = table.stat().st_mtime_ns
    copied.write_config(
        balance=False,
        figures={"umap_panel": [{"title": "New", "map": "umap_audio", "colour": "genre"}]},
    )
    # What is compared shows the settings, and is written again with them.
    assert copied.planned() == {"draw_umap_panel", "record_settings", *COMPARISON}
    said = copied.succeed("results/tiny/figures/umap_panel.png")
    assert figure.read_bytes() != before
    # The end of a run names what there is to open.
    assert "Figures   results/tiny/figures/umap_panel.png" in said.splitlines()
    assert "Explorer  results/tiny/explorer/index.html" in said.splitlines()
    assert table.stat().st_mtime_ns == stamp


def test_a_figure_needs_only_what_it_shows(project):
    planned = project.planned("results/tiny/figures/genre_distribution.png")
    assert "transform_space" not in planned
    assert "embed_sentences" not in planned
    assert {"train_network", "cluster_space", "draw_genre_distribution"} <= planned


def test_targets_by_name_are_listed_with_what_they_are(copied):
    said = copied.succeed("--list")
    for name in COLLECTED:
        assert re.search(rf"^{name} \(\w.*\.\)$", said, re.M), said
    # A target without anything to fetch has neither input nor output, so it is always planned.
    assert copied.planned(*COLLECTED) == {"downloads"}


def test_a_misspelt_key_fails_and_is_named(project):
    project.write_config(max_rejectd=0.1)
    done = project.snakemake("--dry-run")
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "unknown key 'max_rejectd' (did you mean 'max_rejected'?)" in said
    assert "Traceback" not in said


def test_too_many_rejected_tracks_fail_with_the_reason_in_the_log(project):
    for path in (project.folder / "music/english").rglob("*.wav"):
        path.write_bytes(b"")
    project.write_config(max_rejected=0.2)
    done = project.snakemake("features")
    assert done.returncode != 0
    log = (project.results / "logs/gather_features.log").read_text()
    assert "12 of 24 tracks (50%) were rejected, more than max_rejected = 0.2 allows" in log
    assert "Traceback" not in log
    assert not (project.results / "features.parquet").exists()
    project.write_config(max_rejected=0.9)
    assert project.snakemake("features").returncode != 0
    log = (project.results / "logs/gather_features.log").read_text()
    assert "none of the 12 tracks of the language 'english' can be used" in log
    assert "most often because a file is empty: it has no bytes (12 times)" in log


def test_a_forced_failure_leaves_its_reason_in_the_log(copied):
    module = copied.folder / "workflow/scripts/hybridmusic/clusterers/ward.py"
    module.write_text(
        module.read_text().replace("return ward", 'raise RuntimeError("forced")\n    return ward')
    )
    done = copied.snakemake("results/tiny/clusterings/agglomerative.parquet")
    assert done.returncode != 0
    log = (copied.results / "logs/cluster_space_agglomerative.log").read_text()
    assert "RuntimeError: forced" in log
    assert "Traceback" in log
    assert "RuntimeError: forced" in done.stdout + done.stderr


def test_every_mistake_is_listed_before_any_job(project):
    sources = [{"name": "en", "language": "english", "path": "nowhere"}]
    project.write_config(sources=sources, seeds=0, tuning={"space": "adio"})
    done = project.snakemake("--dry-run")
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "seeds is 0; allowed: a whole number from 1" in said
    assert "tuning.space names the unknown space 'adio' (did you mean 'audio'?)" in said
    assert "source 'en': nowhere does not exist; put the audio there" in said
    assert "Traceback" not in said


def test_a_run_can_be_drawn_again_after_its_sources_have_moved_away(copied):
    (copied.folder / "music").rename(copied.folder / "moved")
    figure = "results/tiny/figures/tuning_grid.png"
    (copied.folder / figure).unlink()
    copied.succeed(figure, "--allowed-rules", "draw_tuning_grid")
    assert (copied.folder / figure).exists()


@pytest.mark.long
def test_one_core_and_two_give_the_same_bytes(computed, project):
    """A second run of the same collection: spaces and clusterings are equal."""
    (project.folder / "music/english/blues/broken.wav").write_bytes(b"not sound")
    silent = (computed.folder / "music/bangla/Folk/9.wav").read_bytes()
    (project.folder / "music/bangla/Folk/9.wav").write_bytes(silent)
    project.write_config(balance=False)
    # One of everything that learns, draws at random, or uses threads.
    spaces = ("conv_vae_hybrid", "cond_vae", "autoencoder", "adaptive", "umap_hybrid")
    methods = ("basic_vae_kmeans", "pca_kmeans", "spectral", "agglomerative", "dbscan_umap")
    made = [f"spaces/{name}.parquet" for name in spaces]
    made += [f"clusterings/{name}.parquet" for name in methods]
    made.append("clusterings/halves/0.parquet")
    project.succeed("--cores", "1", *(f"results/tiny/{name}" for name in made))
    for name in made:
        assert (project.results / name).read_bytes() == (computed.results / name).read_bytes(), name


def test_scores_come_out_the_same_again(copied):
    path = copied.results / "scores.parquet"
    before = path.read_bytes()
    path.unlink()
    copied.succeed("--cores", "1", "scores")
    assert path.read_bytes() == before


def test_the_papers_experiment_plans_jobs_without_any_data(project):
    (project.folder / "tiny.yaml").write_text("{}\n")
    planned = project.planned()
    assert {"list_tracks", "extract_features", "train_network", "draw_umap_panel"} <= planned


@pytest.mark.usefixtures("librosa_alone")
def test_the_report_is_one_page_that_needs_no_network(copied):
    copied.succeed("check_features")
    # As `make report` calls it where features were compared with librosa's.
    copied.succeed("all", "check_features", "--report", "report.html")
    page = (copied.folder / "report.html").read_text()
    for title in ("Figure 1", "Figure 2", "Figure 3", "Table 2", "Caveats"):
        assert title in page
    assert "Features against librosa" in page


def test_the_configuration_in_effect_is_written_down(computed):
    written = yaml.safe_load((computed.results / "config.yaml").read_text())
    assert written["spaces"]["basic_vae"]["epochs"] == 2
    assert written["spaces"]["basic_vae"]["latent"] == 16
