"""Every kind of source goes through the whole workflow."""

import numpy as np
import pandas as pd
import pytest
from project import Project
from samples import RATE, kaggle_table, tone
from soundfile import write

pytestmark = pytest.mark.long

# What the tables and figures need, and no more: these runs are about where music comes from.
FEWER = dict.fromkeys(
    [
        *("autoencoder", "basic_vae", "conv_vae", "conv_vae_hybrid", "independent_vae"),
        *("adaptive", "pca"),
        *("audio_quantile", "audio_by_language", "audio_quantile_by_language"),
    ]
)
BRIEF = {
    "reduction": {"spaces": ["audio"]},
    "tuning": {"latent": [2], "beta": [1.0]},
    "figures": {"reconstructions": {"networks": ["cond_vae"]}},
}
ROW = {"task": "Extra", "clusterer": "kmeans"}
FEW = [
    ROW | {"name": "raw_kmeans", "label": "Raw K-Means", "space": "audio"},
    ROW | {"name": "cond_vae_kmeans", "label": "Cond VAE", "space": "cond_vae"},
    ROW | {"name": "language_kmeans", "label": "Language VAE", "space": "cond_vae_language"},
    ROW | {"name": "dbscan_umap", "label": "DBSCAN", "space": "umap_hybrid", "clusterer": "dbscan"},
]


@pytest.fixture(scope="module")
def unlabelled(tmp_path_factory) -> Project:
    """Run a flat folder of clips without genres, in one language, with names in many scripts."""
    project = Project.create(tmp_path_factory.mktemp("unlabelled") / "project")
    folder = project.folder / "flat"
    folder.mkdir()
    names = ["গান", "песня", "a b", 'it\'s "x"', "$HOME", "100%", "-rf", "#1", "new\nline", "{x}"]
    for number, name in enumerate([*names, "plain", "last"]):
        write(folder / f"{name}.wav", tone(number), RATE)
    flat = {"name": "flat", "language": "klingon", "path": "flat", "song": "file"}
    project.write_config(**BRIEF, sources=[flat], spaces=FEWER, methods=FEW)
    project.succeed()
    return project


def test_without_labels_tables_and_figures_still_come_out(unlabelled):
    results = unlabelled.results
    tracks = pd.read_parquet(results / "tracks.parquet")
    assert len(tracks) == 12
    assert tracks["genre"].isna().all()
    assert {"গান", "new\nline", 'it\'s "x"'} <= set(tracks["title"])
    assert (results / "figures/genre_distribution.pdf").stat().st_size > 0
    scores = pd.read_parquet(results / "scores.parquet")
    assert set(scores["metric"]) == {
        *("silhouette", "calinski_harabasz", "davies_bouldin", "n_clusters", "noise_share"),
        "largest_share",
    }
    clusters = pd.read_parquet(results / "clusterings/raw_kmeans.parquet")
    assert set(clusters["k"]) == {3}


def test_what_needs_labels_is_left_out_with_a_word(unlabelled):
    table = pd.read_csv(unlabelled.results / "tables/table2.csv")
    assert table["Method"].to_list() == ["Raw K-Means", "DBSCAN"]
    assert table[["ARI", "NMI", "Purity"]].isna().all(axis=None)
    text = (unlabelled.results / "tables/table2.md").read_text()
    assert "There are no genres to agree with" in text
    for label in ("Cond VAE", "Language VAE"):
        assert f"{label} is left out, because there is nothing to condition on." in text
    assert "†" not in text
    assert "fewer than two genres" in (unlabelled.results / "tables/table2_genres.md").read_text()
    assert (
        "no agreement that a reduction" in (unlabelled.results / "tables/reduction.md").read_text()
    )
    text = (unlabelled.results / "tables/language.md").read_text()
    assert "All tracks are of one language" in text
    assert pd.read_parquet(unlabelled.results / "language.parquet").empty
    text = (unlabelled.results / "tables/disentanglement.md").read_text()
    assert "no factor has two classes of enough tracks" in text
    log = (unlabelled.results / "logs/train_network_cond_vae.log").read_text()
    assert "no genre to condition on: conditioned on none" in log
    log = (unlabelled.results / "logs/score_clusterings.log").read_text()
    assert "fewer than two values of genre" in log


def metadata(table: pd.DataFrame) -> pd.DataFrame:
    """Make up songs of three clips, an artist in two genres, and folds that leave out two clips."""
    number = (table.groupby("label").cumcount() // 3).astype(str)
    song = table["label"] + " " + number
    artist = song.map({"blues 0": "Ann", "blues 1": "Ann", "Folk 0": " ANN"})
    fold = np.where(table.index < 2, None, np.where(number == "3", "test", "train"))
    facts = pd.DataFrame({"filename": table["filename"].str.removesuffix(".wav")})
    return facts.assign(song=song, artist=artist, fold=fold)


@pytest.fixture(scope="module")
def tabled(tmp_path_factory) -> Project:
    """Run a feature table with languages, metadata, a space from outside, and songs pooled."""
    project = Project.create(tmp_path_factory.mktemp("tabled") / "project")
    table = kaggle_table()
    table.to_csv(project.folder / "features.csv", index=False)
    metadata(table).to_csv(project.folder / "facts.csv", index=False)
    ids = [f"table/{name}" for name in [*table["filename"][1:], "stranger.wav"]]
    vectors = np.random.default_rng(0).normal(size=(len(ids), 5))
    np.savez(project.folder / "clap.npz", id=np.array(ids), vector=vectors)
    project.write_config(
        **BRIEF,
        seeds=2,
        sources=[{"name": "table", "path": "features.csv", "metadata": "facts.csv"}],
        spaces=FEWER
        | {
            "clap": {"kind": "external", "path": "clap.npz"},
            "songs": {"kind": "pool_songs", "of": "audio"},
            "both": {"kind": "concatenate", "of": ["clap", "songs"]},
        },
        methods=[
            *FEW,
            ROW | {"name": "clap_kmeans", "label": "CLAP", "space": "clap"},
            ROW | {"name": "song_kmeans", "label": "Songs", "space": "songs"},
            ROW | {"name": "both_kmeans", "label": "Both", "space": "both"},
        ],
    )
    project.succeed()
    return project


def test_a_feature_table_runs_like_audio(tabled):
    features = pd.read_parquet(tabled.results / "features.parquet")
    assert len(features) == 24
    audio = pd.read_parquet(tabled.results / "spaces/audio.parquet")
    assert audio["vector"].map(len).eq(26).all()
    assert "lack it: MFCC min, max" in (tabled.results / "logs/build_block_audio.log").read_text()
    tracks = pd.read_parquet(tabled.results / "tracks.parquet")
    assert set(tracks["language"]) == {"eng", "bng"}
    assert (tabled.results / "figures/reconstructions.png").exists()


def test_a_space_from_outside_stands_as_a_row_of_the_table(tabled):
    table = pd.read_csv(tabled.results / "tables/table2.csv").set_index("Method")
    assert table.loc[["CLAP", "Songs (song level)", "Both"]].notna().all(axis=None)
    log = (tabled.results / "logs/build_block_clap.log").read_text()
    assert "1 of 24 tracks have no vector and are left out of the space: 'table/blues.00000" in log
    assert "1 vectors belong to no track: 'table/stranger.wav'" in log
    tracks = pd.read_parquet(tabled.results / "tracks.parquet").set_index("id")
    assert tracks["cluster_clap_kmeans"].isna().to_dict() == {
        name: name == "table/blues.00000.wav" for name in tracks.index
    }


def test_pooled_songs_put_all_clips_of_a_song_into_one_cluster(tabled):
    tracks = pd.read_parquet(tabled.results / "tracks.parquet")
    assert (tracks.groupby("song")["cluster_song_kmeans"].nunique() == 1).all()
    assert tracks["song"].nunique() < len(tracks)


def test_artists_are_units_where_they_are_known(tabled):
    catalogue = pd.read_parquet(tabled.results / "catalogue.parquet")
    songs = ["blues 2", "blues 3", "Folk 1", "Folk 2", "Folk 3"]
    units = {"artist ann": 9} | {f"table/{song}": 3 for song in songs}
    assert catalogue["unit"].value_counts().to_dict() == units
    tracks = pd.read_parquet(tabled.results / "tracks.parquet")
    assert set(tracks["artist"].dropna()) == {"Ann", " ANN"}
    log = (tabled.results / "logs/list_tracks.log").read_text()
    assert "the metadata facts.csv: of 24 of 24 tracks" in log
    said = "artists where known (9 of 24 tracks), else songs"
    for name in ("summary.md", *(f"tables/{name}.md" for name in ("agreement", "probes"))):
        assert said in (tabled.results / name).read_text(), name
    assert (pd.read_parquet(tabled.results / "uncertainty.parquet")["shuffled"] == "parts").all()


def test_scores_without_faults_stand_next_to_those_of_all_tracks(tabled):
    subsets = pd.read_csv(tabled.results / "tables/subsets.csv")
    assert subsets["NMI (without faults)"].notna().all()
    assert "22 have no faults" in (tabled.results / "tables/subsets.md").read_text()
    genre = pd.read_parquet(tabled.results / "probes.parquet").query("label == 'genre'")
    logistic = genre.query("probe == 'logistic' and kind == 'space'")
    assert logistic[["by_song", "published"]].notna().all(axis=None)
    assert "Logistic (song folds)" in (tabled.results / "tables/probes.md").read_text()


def test_changed_metadata_are_seen(tabled):
    assert tabled.planned() == set()
    path = tabled.folder / "facts.csv"
    text = path.read_text()
    path.write_text(text.replace(" ANN", "Bob"))
    assert "list_tracks" in tabled.planned()
    path.write_text(text)


def test_a_changed_file_of_vectors_is_seen(tabled):
    assert tabled.planned() == set()
    path = tabled.folder / "clap.npz"
    with np.load(path) as archive:
        ids, vectors = archive["id"], archive["vector"]
    np.savez(path, id=ids, vector=vectors + 1)
    planned = tabled.planned()
    assert "build_block" in planned
    assert not {"train_network", "extract_features"} & planned
