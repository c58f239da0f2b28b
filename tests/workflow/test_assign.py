"""New songs among those of a run: the workflow on the tiny project."""

import hashlib
import json
import shutil

import numpy as np
import pandas as pd
import pytest
import soundfile
from samples import RATE, kaggle_table, tone

from hybridmusic.clusterings.centroids import Centroids
from hybridmusic.sound import features as audio


def given(**assign) -> tuple[str, str, str]:
    """Return the target, and the arguments that name the new songs."""
    return "assign", "--config", f"assign={json.dumps(assign)}"


def contents(project) -> dict[str, str]:
    """Digests of the run's files outside assign/, its logs and benchmarks aside."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() + str(path.stat().st_mtime_ns)
        for path in sorted(project.results.rglob("*"))
        if path.is_file()
        and path.relative_to(project.results).parts[0] not in ("assign", "logs", "benchmarks")
    }


def clusters_of_run(project, method: str, k: int) -> pd.Series:
    table = pd.read_parquet(project.results / f"clusterings/{method}.parquet")
    return table[(table["k"] == k) | table["k"].isna()].set_index("id")["cluster"]


def test_tracks_of_the_collection_come_back_and_new_ones_get_a_place(copied):
    before = contents(copied)
    catalogue = pd.read_parquet(copied.results / "catalogue.parquet")
    noise = np.random.default_rng(0).uniform(-0.9, 0.9, 2 * RATE)
    soundfile.write(copied.folder / "far, 1.wav", noise, RATE)
    soundfile.write(copied.folder / "near.wav", tone(0) * 0.99, RATE)
    rows = catalogue[["file_path", "language", "genre"]].to_dict("records")
    rows += [{"file_path": "far, 1.wav", "language": "urdu", "genre": None}]
    rows += [{"file_path": "near.wav", "language": "english", "genre": "no genre of the run"}]
    pd.DataFrame(rows).to_csv(copied.folder / "songs.csv", index=False)
    copied.succeed(*given(path="songs.csv", name="all", explorer=True))

    assert contents(copied) == before
    assert copied.planned() == set()
    rejected = pd.read_csv(copied.results / "assign/all.rejected.csv").set_index("file_path")
    assert rejected["reason"]["music/bangla/Folk/9.wav"] == "is silent"
    assert rejected["reason"]["music/english/blues/broken.wav"].startswith("cannot be decoded")
    assert len(rejected) == 2

    found = pd.read_csv(copied.results / "assign/all.csv")
    assert list(found) == [
        *("id", "file_path", "method", "cluster", "distance", "confidence"),
        *(f"nearest_{n}" for n in range(1, 6)),
        *("outside", "rule", "k", "seed"),
    ]
    methods = {path.stem for path in (copied.results / "clusterings").glob("*.parquet")}
    assert set(found["method"]) == methods - {"majority", "random"}
    assert found["confidence"].between(0, 1).all()
    assert (found["seed"] == 42).all()
    ids = catalogue.set_index("file_path")["id"]
    for method, rows in found.groupby("method"):
        rows = rows.set_index("file_path")
        assert len(rows) == 26
        known = rows.drop(index=["far, 1.wav", "near.wav"])
        clusters = clusters_of_run(copied, method, 3)
        assert known["cluster"].to_list() == clusters[ids[known.index]].to_list(), method
        assert known["nearest_1"].to_list() == ids[known.index].to_list(), method
        assert rows["distance"]["far, 1.wav"] > known["distance"].max(), method
        assert rows["nearest_1"]["near.wav"] == "en/blues/0.wav", method
    raw_ids = found.loc[found["method"] == "raw_kmeans", "id"]
    rules = found.drop_duplicates("method").set_index("method")["rule"]
    assert rules["raw_kmeans"] == "nearest centroid"
    assert rules["cond_vae_kmeans"] == "nearest centroid†"
    assert rules["dbscan_umap"] == "nearest core point"
    assert rules["standard_ward"] == "majority of nearest tracks"
    assert found[found["file_path"] == "far, 1.wav"].set_index("method")["outside"]["raw_kmeans"]
    assert not found[found["method"] == "raw_kmeans"].iloc[:-2]["outside"].any()

    text = (copied.results / "assign/all/data.js").read_text()
    page = json.loads(text.removeprefix("const DATA = ").removesuffix(";\n"))
    assert page["ids"] == [*pd.read_parquet(copied.results / "features.parquet")["id"], *raw_ids]
    colourings = {one["key"]: one for one in page["colourings"]}
    assert colourings["source"]["names"] == ["all", "bn", "en"]
    assert colourings["source"]["codes"][24:] == [0] * 26
    codes = colourings["hybrid_kmeans, k = 3"]["codes"]
    assert codes[24:48] == codes[:24]
    of_map = {one["name"]: one for one in page["maps"]}["umap_audio"]
    np.testing.assert_allclose(of_map["x"][24:48], of_map["x"][:24], atol=2e-3)
    assert (copied.results / "assign/all/index.html").stat().st_size > 0

    # By hand, from the run's files alone.
    audio_space = np.stack(pd.read_parquet(copied.results / "spaces/audio.parquet")["vector"])
    raw = found[found["method"] == "raw_kmeans"].set_index("file_path")
    of_run = clusters_of_run(copied, "raw_kmeans", 3).to_numpy()
    centres = np.stack([audio_space[of_run == c].mean(axis=0) for c in range(3)])
    mfcc_of_run = np.stack(pd.read_parquet(copied.results / "features.parquet")["mfcc"])
    x = audio.describe_file(copied.folder / "far, 1.wav", 0, 2, 1)["mfcc"]
    x = (x - mfcc_of_run.mean(axis=0)) / mfcc_of_run.std(axis=0)
    assert raw["cluster"]["far, 1.wav"] == np.linalg.norm(centres - x, axis=1).argmin()
    distance = np.linalg.norm(audio_space - x, axis=1).min()
    assert raw["distance"]["far, 1.wav"] == pytest.approx(distance, rel=1e-3)


@pytest.mark.long
def test_batches_without_labels_move_the_centroids_one_after_the_other(copied):
    before = contents(copied)
    for name, first in (("may", 500), ("june", 600)):
        (copied.folder / name).mkdir()
        for seed in range(first, first + 4):
            soundfile.write(copied.folder / name / f"{seed}.wav", tone(seed), RATE)
    (copied.folder / "june/broken.mp3").write_bytes(b"not sound")
    copied.succeed(*given(path="may", name="may", update=True))
    copied.succeed(*given(path="june", name="june", update=True, after="may"))
    assert contents(copied) == before
    assert copied.planned() == set()

    folder = copied.results / "assign"
    states = {
        name: pd.read_parquet(folder / f"{name}.centroids.parquet") for name in ("may", "june")
    }
    drifts = {name: pd.read_csv(folder / f"{name}.drift.csv") for name in states}
    sizes = clusters_of_run(copied, "raw_kmeans", 3).value_counts().sort_index()
    for table in drifts.values():
        raw = table[table["method"] == "raw_kmeans"]
        assert raw["tracks"].to_list() == sizes.to_list()
        assert (table.groupby("method")["added"].sum() == 4).all()
    june = drifts["june"][drifts["june"]["method"] == "raw_kmeans"]
    assert june["added_in_all"].sum() == 8
    assert (june.loc[june["added_in_all"] == 0, "moved_in_all"].fillna(0) < 1e-6).all()
    assert june["moved_in_all"].max() > 0
    counts = states["june"].groupby("method")["count"].sum()
    assert (counts == sizes.sum() + 8).all()
    # All of it once more by hand, of one method.
    placed = [pd.read_parquet(folder / name / "placed.parquet") for name in ("may", "june")]
    state = Centroids.of(
        np.stack(pd.read_parquet(copied.results / "spaces/audio.parquet")["vector"]),
        clusters_of_run(copied, "raw_kmeans", 3).to_numpy(),
    )
    for table in placed:
        state = state.refined(np.stack(table.query("space == 'audio'")["vector"]))
    found = np.stack(states["june"].query("method == 'raw_kmeans'")["vector"])
    np.testing.assert_allclose(found, state.centres, atol=1e-4)
    assigned = pd.read_csv(folder / "june.csv")
    assert set(assigned.query("method == 'raw_kmeans'")["rule"]) == {"nearest centroid, moved"}
    assert pd.read_csv(folder / "june.rejected.csv")["file_path"].to_list() == ["june/broken.mp3"]


def test_what_is_missing_is_told_in_a_sentence(copied):
    def told(*arguments, layer=None):
        if layer:
            copied.write_config(balance=False, **layer)
        done = copied.snakemake("--dry-run", *arguments)
        assert done.returncode != 0
        return " ".join((done.stderr + done.stdout).split())

    assert "assign.path is missing: set it to where the new songs are" in told("assign")
    assert "assign.after is 'a', this batch itself" in told(*given(path="x", name="a", after="a"))
    after = told(*given(path="music", name="b", after="a"))
    assert "has no results/tiny/assign/a.centroids.parquet" in after
    shutil.move(copied.results / "clusterings/spectral.parquet", copied.folder)
    missing = told(*given(path="music"))
    assert "has no results/tiny/clusterings/spectral.parquet: songs are placed in" in missing
    shutil.move(copied.folder / "spectral.parquet", copied.results / "clusterings")
    differs = told(*given(path="music"), layer={"spaces": {"basic_vae": {"beta": 2.0}}})
    assert "spaces.basic_vae is not what the run 'tiny' was made with" in differs
    nothing = told(*given(path="music"), layer={"run": "none"})
    assert "there is no run 'none': results/none does not exist" in nothing

    copied.write_config(balance=False)
    done = copied.snakemake(*given(path="nowhere"))
    assert done.returncode != 0
    assert "nowhere does not exist; put the audio there" in done.stdout + done.stderr
    (copied.folder / "bad").mkdir()
    (copied.folder / "bad/a.wav").write_bytes(b"not sound")
    done = copied.snakemake(*given(path="bad"))
    assert "all 1 tracks were rejected, most often because a file cannot be decoded" in (
        done.stdout + done.stderr
    )


def test_a_feature_table_joins_a_run_of_feature_tables(project):
    table = kaggle_table()
    table.iloc[:20].to_csv(project.folder / "old.csv", index=False)
    table.iloc[18:].to_csv(project.folder / "new.csv", index=False)
    row = {"task": "Easy", "clusterer": "kmeans"}
    layer = {
        "audio": {"also": ["rich"]},
        "spaces": {"rich": {"kind": "descriptors", "sets": ["rich"]}},
        "methods": [
            row | {"name": "raw", "label": "Raw", "space": "audio"},
            row | {"name": "rich", "label": "Rich", "space": "rich"},
        ],
        "balance": False,
        "figures": {
            "umap_panel": [{"title": "Raw", "map": "umap_audio", "colour": "raw"}],
            "genre_distribution": {"method": "raw"},
        },
    }
    project.write_config(sources=[{"name": "old", "path": "old.csv", "song": "file"}], **layer)
    project.succeed("clusterings")
    project.succeed(*given(path="new.csv"))
    found = pd.read_csv(project.results / "assign/new.csv")
    for method in ("raw", "rich"):
        rows = found[found["method"] == method].iloc[:2]
        assert rows["nearest_1"].to_list() == ["old/Folk.00006.wav", "old/Folk.00007.wav"]
        assert rows["cluster"].to_list() == clusters_of_run(project, method, 3).iloc[-2:].to_list()
    # No block of this run reads sentences, so none are written.
    assert not (project.results / "assign/new/sentences.parquet").exists()
