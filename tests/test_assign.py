"""New songs among those of a run: unit tests by import, and the workflow on the tiny project."""

import hashlib
import json
import shutil
from functools import partial
from itertools import chain

import numpy as np
import pandas as pd
import pytest
import soundfile
from conftest import RATE, kaggle_table, near, tone
from scipy.spatial.distance import cdist
from scipy.stats import rankdata
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs
from sklearn.metrics import normalized_mutual_info_score

from hybridmusic import assigning, audio, config, kinds, scaling, sentences, synthesis, training
from hybridmusic.blocks import descriptors, mfcc, sentence
from hybridmusic.centroids import Centroids, drift
from hybridmusic.clusterers import dbscan, kmeans
from hybridmusic.errors import InputError
from hybridmusic.transforms import concatenate, pca, pool_songs, quantile_normal, standardise


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def test_scaling_like_the_old_tracks_by_hand():
    old, new = np.array([[0.0, 7], [2, 7], [4, 7]]), np.array([[2.0, 9], [6, 7]])
    deviation = np.sqrt(8 / 3)
    expected = [[0, 0], [4 / deviation, 0]]
    np.testing.assert_allclose(scaling.standardise(new, old), expected, atol=1e-6)


def test_ranks_are_those_among_the_old_tracks():
    old = normal(101, 2)
    placed = scaling.quantile_normal(np.vstack([np.median(old, axis=0), [-99, 99]]), old)
    np.testing.assert_allclose(placed, [[0, 0], [-3, 3]], atol=1e-6)
    assert (rankdata(scaling.quantile_normal(old)[:, 0]) == rankdata(old[:, 0])).all()


@pytest.mark.parametrize("kind", ["standardise", "quantile_normal"])
def test_a_track_is_scaled_like_those_of_its_language(kind, caplog):
    module = {"standardise": standardise, "quantile_normal": quantile_normal}[kind]
    old, new = normal(60, 3), normal(8, 3, seed=1)
    languages = np.repeat(["a", "b"], 30), np.array(["a", "b", "c", "b"] * 2)
    scale = getattr(scaling, kind)
    found = module.place(old, new, language=languages, by="language")
    np.testing.assert_array_equal(found[languages[1] == "b"], scale(new[[1, 3, 5, 7]], old[30:]))
    np.testing.assert_array_equal(found[[2, 6]], scale(new[[2, 6]], old))
    assert "c is none of the run" in caplog.text
    np.testing.assert_array_equal(
        module.place(old, new, language=languages, by="none"), scale(new, old)
    )


def settings_of(module, **needed):
    name = module.__name__.split(".")[-1]
    return kinds.settings("transforms", name, {}) | needed


@pytest.mark.numerical
@pytest.mark.parametrize("module", [pca, standardise, quantile_normal, pool_songs])
def test_transforms_place_the_runs_own_tracks_where_they_are(module):
    x = normal(40, 6) @ normal(6, 6, seed=1)
    columns = {"song": np.repeat(list("abcdefgh"), 5), "language": np.repeat(["x", "y"], 20)}
    columns = {name: columns[name] for name in module.NEEDS}
    made = module.transform(x, 0, **settings_of(module, **columns))
    pairs = {name: (column, column) for name, column in columns.items()}
    placed = module.place(x, x, **settings_of(module, **pairs))
    np.testing.assert_allclose(placed, made, atol=1e-5)


def test_new_tracks_do_not_change_where_others_of_them_go():
    old, new = normal(40, 6), normal(5, 6, seed=1) * 9
    for place in (partial(pca.place, old, variance=0.9), partial(scaling.standardise, like=old)):
        np.testing.assert_allclose(place(new)[:1], place(new[:1]), atol=1e-5)


def test_blocks_place_their_own_tracks_where_they_are():
    features = pd.DataFrame({"id": list("abcdef"), "mfcc": list(normal(6, 52))})
    settings = kinds.settings("blocks", "mfcc", {})
    tables = {"features": features}
    np.testing.assert_array_equal(
        mfcc.place(tables, tables, **settings), mfcc.block(features, **settings)[1]
    )
    half = features["mfcc"].map(lambda values: np.where(np.arange(52) % 4 > 1, np.nan, values))
    with pytest.raises(InputError, match="the run uses the mean, std, min, max of the MFCCs"):
        mfcc.place(tables, {"features": features.assign(mfcc=half)}, **settings)
    poor = {"features": features.assign(mfcc=half)}
    assert mfcc.place(poor, tables, **settings).shape == (6, 26)

    said = pd.DataFrame({"id": list("abc"), "sentence": list("xyx")})
    known = {
        "sentences": said,
        "embeddings": pd.DataFrame({"sentence": ["x", "y"], "vector": [[0.0, 1], [2, 5]]}),
    }
    new = {
        "sentences": pd.DataFrame({"id": ["n"], "sentence": ["z"]}),
        "embeddings": pd.DataFrame({"sentence": ["z"], "vector": [[2.0, 1]]}),
    }
    np.testing.assert_array_equal(sentence.place(known, known), sentence.block(**known)[1])
    expected = scaling.standardise(np.array([[2.0, 1]]), np.array([[0.0, 1], [2, 5], [0, 1]]))
    np.testing.assert_array_equal(sentence.place(known, new), expected)


def test_descriptors_are_scaled_and_weighed_as_those_of_the_run():
    names = list(chain(*kinds.load("descriptors", "rich").GROUPS.values()))
    table = pd.DataFrame(normal(30, len(names)), columns=names)
    table.insert(0, "id", [str(n) for n in range(30)])
    old = {"descriptors": {"rich": table}}
    for scale in ("standardise", "quantile_normal"):
        made = descriptors.block(**old, scale=scale)[1]
        np.testing.assert_array_equal(descriptors.place(old, old, scale=scale), made)
        # One by one they go where they do together, and no column's place decides.
        one = {"descriptors": {"rich": table[["id", *reversed(names)]].iloc[4:5]}}
        np.testing.assert_array_equal(descriptors.place(old, one, scale=scale), made[4:5])
    lacking = {"descriptors": {"rich": table.drop(columns=names[0])}}
    with pytest.raises(InputError, match="descriptors that some of the new tracks lack"):
        descriptors.place(old, lacking, scale="standardise")


def test_blocks_side_by_side():
    new = [np.ones((2, 3)), np.zeros((2, 1))]
    assert concatenate.place([np.ones((9, 3)), np.ones((9, 1))], new).tolist() == [[1, 1, 1, 0]] * 2


def test_words_of_new_tracks_are_by_the_tertiles_of_the_corpus():
    corpus = pd.DataFrame({name: np.arange(100.0) for name in sentences.DESCRIPTORS})
    new = pd.DataFrame({name: [1.0, 50, 99] for name in sentences.DESCRIPTORS})
    assert sentences.levels(new, "corpus", corpus)["energy"].tolist() == [0, 1, 2]
    assert sentences.levels(new[1:], "corpus", corpus)["rhythm"].tolist() == [1, 2]


@pytest.mark.numerical
def test_a_network_that_was_left_on_disk_encodes_as_it_did():
    settings = kinds.settings("networks", "vae", {"hidden": [8], "latent": 2})
    network = training.build("vae", 5, 2, [3, 4], settings)
    described = {"kind": "vae", "features": 5, "classes": ["p", "q"], "seeds": [3, 4], **settings}
    again = training.restored(described, network.state_dict())
    x, condition = normal(7, 5), training.one_hot(["p", "q", None] * 2 + ["r"], ["p", "q"])
    found = training.encode(again, x, condition).latent
    np.testing.assert_array_equal(found, training.encode(network, x, condition).latent)


def test_between_known_tracks_by_hand():
    old, space = np.array([[0.0], [1.0]]), np.array([[0.0, 0], [8, 4]])
    placed = assigning.between(old, np.array([[0.25], [1.0], [3]]), space)
    np.testing.assert_allclose(placed, [[2, 1], [8, 4], [4.8, 2.4]], atol=1e-6)


def test_a_track_joins_most_of_its_nearest():
    old = np.array([[0.0], [0.1], [1], [1.2], [1.3], [9]])
    clusters = np.array([5, 5, 2, 2, 2, 7])
    found, confidence = assigning.assign(old, clusters, np.array([[0.9], [0.0]]))
    weights = 1 / np.abs(np.array([0.9]) - old[:5, 0])
    assert found.tolist() == [2, 5]
    np.testing.assert_allclose(confidence, [weights[2:].sum() / weights.sum(), 1], atol=1e-6)


def test_of_equal_tracks_most_decide():
    old, clusters = np.zeros((4, 2)), np.array([1, 0, 1, 1])
    found, confidence = assigning.assign(old, clusters, np.zeros((1, 2)))
    assert (found.tolist(), confidence.tolist()) == ([1], [0.75])


def test_a_known_track_keeps_its_cluster_by_every_rule():
    x = normal(60, 4)
    clusters = np.random.default_rng(1).integers(4, size=60)  # which no rule would find

    def nearest(old, clusters, new):
        return kmeans.place(old, clusters, new)

    found, confidence = assigning.assign(x, clusters, x * (1 + 1e-6), nearest)
    np.testing.assert_array_equal(found, clusters)
    assert (confidence == 1).all()
    assert (nearest(x, clusters, x)[0] != clusters).any()


@pytest.mark.numerical
def test_the_nearest_centroid_is_what_k_means_predicts():
    x, _ = make_blobs(300, 5, centers=4, cluster_std=4, random_state=0)
    new, _ = make_blobs(80, 5, centers=4, cluster_std=6, random_state=1)
    model = KMeans(4, n_init=10, random_state=0, tol=0).fit(x)
    found, confidence = kmeans.place(x, model.labels_, new)
    np.testing.assert_array_equal(found, model.predict(new))
    distances = np.sort(cdist(new, model.cluster_centers_))
    np.testing.assert_allclose(confidence, 1 - distances[:, 0] / distances[:, 1], atol=1e-6)
    # Its own tracks too, so the rule alone gives K-Means' clusters back.
    np.testing.assert_array_equal(kmeans.place(x, model.labels_, x)[0], model.labels_)


def test_a_track_joins_a_core_point_within_eps_or_is_noise():
    x = np.concatenate([np.linspace(0, 1, 11), [1.25], np.linspace(5, 6, 11)])[:, None]
    settings = {"eps": 0.35, "min_samples": 4}
    clusters = dbscan.cluster(x, None, 0, graph=near(x), **settings)
    new = np.array([[-0.3], [-0.36], [1.5], [5.5], [99]])
    found, confidence = dbscan.place(x, clusters, new, **settings)
    # 1.25 is no core point: what is near to it alone is noise.
    assert found.tolist() == [clusters[0], -1, -1, clusters[-1], -1]
    ratios = [0.3 / 0.35, 0.35 / 0.36, 0.35 / 0.5, 0, 0.35 / 93]
    np.testing.assert_allclose(confidence, 1 - np.array(ratios))
    own = dbscan.place(x, clusters, x, **settings)[0]
    np.testing.assert_array_equal(own, clusters)
    nothing = dbscan.place(x, np.full(23, -1), new, eps=0.01, min_samples=4)
    assert (nothing[0] == -1).all()


def test_outside_is_farther_than_nearly_all_tracks_are_from_other_songs():
    x = np.arange(200.0)[:, None].repeat(2, axis=1)
    x[-1] += 50
    songs = np.arange(200) // 2
    distances = cdist(x, x)
    distances[songs[:, None] == songs] = np.inf
    expected = np.percentile(distances.min(axis=1), 99)
    assert assigning.farthest(x, songs) == pytest.approx(expected)
    assert assigning.farthest(x, np.zeros(200)) == np.inf


@pytest.mark.numerical
def test_the_true_space_of_a_map_is_what_it_was_made_from():
    rows = {
        "a": {"kind": "mfcc"},
        "p": {"kind": "pca", "of": "a"},
        "m": {"kind": "umap", "of": "p"},
        "n": {"kind": "umap", "of": "m"},
        "v": {"kind": "vae", "of": "m"},
    }
    truths = {name: config.truth({"spaces": rows}, name) for name in rows}
    assert truths == {"a": ["a"], "p": ["p"], "m": ["p"], "n": ["p"], "v": ["v"]}
    assert config.ordered({"spaces": rows}, ["n", "v"]) == ["a", "p", "m", "n", "v"]


def test_centroids_stay_the_means_of_all_that_they_drew():
    x, _ = make_blobs(90, 3, centers=3, random_state=0)
    clusters = KMeans(3, n_init=1, random_state=0).fit_predict(x[:30])
    start = state = Centroids.of(x[:30], clusters)
    drawn = [x[:30][clusters == c] for c in range(3)]
    for batch in (x[30:60], x[60:]):
        found = cdist(batch, state.centres).argmin(axis=1)
        drawn = [np.vstack([drawn[c], batch[found == c]]) for c in range(3)]
        before, state = state, state.refined(batch)
    np.testing.assert_allclose(state.centres, [tracks.mean(axis=0) for tracks in drawn])
    assert state.counts.tolist() == [len(tracks) for tracks in drawn]

    told = drift(x[:30], clusters, before, state)
    spread = np.sqrt(((x[:30] - start.centres[clusters]) ** 2).sum(axis=1))
    spread = [np.sqrt((spread[clusters == c] ** 2).mean()) for c in range(3)]
    moved = np.linalg.norm(state.centres - start.centres, axis=1)
    np.testing.assert_allclose(told["moved_in_all"], moved / spread)
    assert told["added"].sum() == 30
    assert told["added_in_all"].sum() == 60


def test_drift_counts_old_tracks_that_would_leave():
    x, clusters = np.array([[0.0], [1], [3], [10], [11]]), np.array([0, 0, 0, 1, 1])
    before = Centroids.of(x, clusters)
    told = drift(x, clusters, before, before.refined(np.array([[6.0]] * 20)))
    # The second centroid draws all of them to (21 + 120) / 22 = 6.4: 3 stays; then it takes none.
    assert told["leave"].tolist() == [0, 0]
    assert told["added"].tolist() == [0, 20]
    after = Centroids(before.clusters, np.array([[0.0], [5]]), before.counts)
    assert drift(x, clusters, before, after)["leave"].tolist() == [1, 0]


@pytest.mark.long
@pytest.mark.parametrize("k", [8, 18])
def test_ten_batches_end_about_where_clustering_all_at_once_does(k, demo_mfcc):
    """With the numbers of clusters that the demo itself has: Table 2's, and that of its genres."""
    x, genres = demo_mfcc
    at_once = normalized_mutual_info_score(genres, kmeans.cluster(x, k, 42))
    followed = []
    for seed in range(10):
        order = np.random.default_rng(seed).permutation(len(x))
        first, *rest = np.array_split(x[order], 10)
        state = Centroids.of(first, kmeans.cluster(first, k, 42))
        for batch in rest:
            state = state.refined(batch)
        assert state.counts.sum() == len(x)
        followed.append(normalized_mutual_info_score(genres, state.nearest(x)[0]))
    assert at_once > 0.5
    assert np.mean(followed) == pytest.approx(at_once, abs=0.05)


@pytest.fixture(scope="module")
def demo_mfcc():
    """The audio block of the demo's 400 clips, and their genres."""
    clips = list(synthesis.corpus(42))
    rows = [audio.describe(clip.samples, synthesis.SAMPLE_RATE)["mfcc"] for clip in clips]
    return scaling.standardise(np.stack(rows)), [clip.genre for clip in clips]


def given(**assign) -> tuple[str, str, str]:
    """The target, and the arguments that say which songs are new."""
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

    assert "assign.path is missing: say where the new songs are" in told("assign")
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
