"""New songs among those of a run, by import."""

from functools import partial
from itertools import chain

import numpy as np
import pandas as pd
import pytest
from samples import near
from scipy.spatial.distance import cdist
from scipy.stats import rankdata
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs
from sklearn.metrics import normalized_mutual_info_score

from hybridmusic import kinds
from hybridmusic.blocks import descriptors, mfcc, sentence
from hybridmusic.clusterers import dbscan, kmeans
from hybridmusic.clusterings import assignment
from hybridmusic.clusterings.centroids import Centroids, drift
from hybridmusic.demo import synthesis
from hybridmusic.errors import InputError
from hybridmusic.plan import run
from hybridmusic.sound import features as audio
from hybridmusic.spaces import scaling
from hybridmusic.text import sentences
from hybridmusic.training import labels, loop
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


def test_a_network_that_was_left_on_disk_encodes_as_it_did():
    settings = kinds.settings("networks", "vae", {"hidden": [8], "latent": 2})
    network = loop.build("vae", 5, 2, [3, 4], settings)
    described = {"kind": "vae", "features": 5, "classes": ["p", "q"], "seeds": [3, 4], **settings}
    again = loop.restored(described, network.state_dict())
    x, condition = normal(7, 5), labels.one_hot(["p", "q", None] * 2 + ["r"], ["p", "q"])
    found = loop.encode(again, x, condition).latent
    np.testing.assert_array_equal(found, loop.encode(network, x, condition).latent)


def test_between_known_tracks_by_hand():
    old, space = np.array([[0.0], [1.0]]), np.array([[0.0, 0], [8, 4]])
    placed = assignment.between(old, np.array([[0.25], [1.0], [3]]), space)
    np.testing.assert_allclose(placed, [[2, 1], [8, 4], [4.8, 2.4]], atol=1e-6)


def test_a_track_joins_most_of_its_nearest():
    old = np.array([[0.0], [0.1], [1], [1.2], [1.3], [9]])
    clusters = np.array([5, 5, 2, 2, 2, 7])
    found, confidence = assignment.assign(old, clusters, np.array([[0.9], [0.0]]))
    weights = 1 / np.abs(np.array([0.9]) - old[:5, 0])
    assert found.tolist() == [2, 5]
    np.testing.assert_allclose(confidence, [weights[2:].sum() / weights.sum(), 1], atol=1e-6)


def test_of_equal_tracks_most_decide():
    old, clusters = np.zeros((4, 2)), np.array([1, 0, 1, 1])
    found, confidence = assignment.assign(old, clusters, np.zeros((1, 2)))
    assert (found.tolist(), confidence.tolist()) == ([1], [0.75])


def test_a_known_track_keeps_its_cluster_by_every_rule():
    x = normal(60, 4)
    clusters = np.random.default_rng(1).integers(4, size=60)  # which no rule would find

    def nearest(old, clusters, new):
        return kmeans.place(old, clusters, new)

    found, confidence = assignment.assign(x, clusters, x * (1 + 1e-6), nearest)
    np.testing.assert_array_equal(found, clusters)
    assert (confidence == 1).all()
    assert (nearest(x, clusters, x)[0] != clusters).any()


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
    assert assignment.farthest(x, songs) == pytest.approx(expected)
    assert assignment.farthest(x, np.zeros(200)) == np.inf


def test_the_true_space_of_a_map_is_what_it_was_made_from():
    rows = {
        "a": {"kind": "mfcc"},
        "p": {"kind": "pca", "of": "a"},
        "m": {"kind": "umap", "of": "p"},
        "n": {"kind": "umap", "of": "m"},
        "v": {"kind": "vae", "of": "m"},
    }
    truths = {name: run.truth({"spaces": rows}, name) for name in rows}
    assert truths == {"a": ["a"], "p": ["p"], "m": ["p"], "n": ["p"], "v": ["v"]}
    assert run.ordered({"spaces": rows}, ["n", "v"]) == ["a", "p", "m", "n", "v"]


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
