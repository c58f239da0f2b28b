"""Blocks, transforms and clusterers against independent computations."""

import inspect
from types import SimpleNamespace

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from conftest import near
from scipy.stats import norm, rankdata
from sklearn.cluster import SpectralClustering
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score, silhouette_score

import job
import transform_space
from hybridmusic import kinds, scaling
from hybridmusic.blocks import external, mfcc, sentence
from hybridmusic.clusterers import _radius, dbscan, gmm, kmeans, leiden, majority, random, spectral
from hybridmusic.embedding import embed
from hybridmusic.errors import InputError
from hybridmusic.held_out import split_songs, squared_error
from hybridmusic.scaling import standardise
from hybridmusic.transforms import concatenate, pca, pool_songs, quantile_normal, umap

pytestmark = pytest.mark.numerical


def test_standardise_by_hand():
    x = np.array([[1.0, 5.0, 0.0], [3.0, 5.0, 1e-3], [5.0, 5.0, 2e-3]])
    expected = (x - x.mean(axis=0)) / np.where(x.std(axis=0) > 0, x.std(axis=0), 1)
    found = standardise(x)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert (found[:, 1] == 0).all()


def test_mfcc_block_takes_the_chosen_statistics():
    values = np.random.default_rng(0).normal(size=(20, 52)).astype(np.float32)
    features = pd.DataFrame({"id": list("abcdefghijklmnopqrst"), "mfcc": list(values)})
    ids, found = mfcc.block(features, statistics=["mean"])
    assert ids == features["id"].to_list()
    np.testing.assert_allclose(found, standardise(values[:, ::4]), atol=1e-6)
    _, found = mfcc.block(features, statistics=["mean", "std", "min", "max"])
    np.testing.assert_allclose(found, standardise(values), atol=1e-6)


def test_sentence_block_gives_each_track_its_sentence():
    table = pd.DataFrame({"id": ["x", "y", "z"], "sentence": ["b", "a", "b"]})
    vectors = pd.DataFrame({"sentence": ["a", "b"], "vector": [[0.0, 1.0], [2.0, 1.0]]})
    _, found = sentence.block(table, vectors)
    expected = standardise(np.array([[2.0, 1.0], [0.0, 1.0], [2.0, 1.0]]))
    np.testing.assert_array_equal(found, expected)


def test_concatenate_keeps_the_order_of_blocks():
    a, b = np.zeros((3, 2)), np.ones((3, 4))
    np.testing.assert_array_equal(concatenate.transform([a, b], 0)[0], [0, 0, 1, 1, 1, 1])


def external_vectors(ids, width=3):
    vectors = np.random.default_rng(0).normal(size=(len(ids), width)).astype(np.float32)
    return pd.DataFrame({"id": ids, "vector": list(vectors)})


def test_external_vectors_join_by_id_and_say_what_does_not_match(caplog):
    features = pd.DataFrame({"id": ["a", "b", "c", "d"]})
    vectors = external_vectors(["d", "x", "b", "a"])
    ids, found = external.block(features, vectors, standardise=False)
    assert ids == ["a", "b", "d"]
    np.testing.assert_array_equal(found, np.stack(vectors["vector"])[[3, 2, 0]])
    assert "1 of 4 tracks have no vector and are left out of the space: 'c'" in caplog.text
    assert "1 vectors are of no track: 'x'" in caplog.text
    _, scaled = external.block(features, vectors, standardise=True)
    np.testing.assert_allclose(scaled, standardise(found), atol=1e-6)


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        (external_vectors(["x", "y"]), "none of their 2 ids is the id of a track"),
        (external_vectors(["a", "a"]), "two have the id 'a'"),
        (pd.DataFrame({"id": ["a", "b"], "vector": [[1.0], [1.0, 2.0]]}), "not all of one length"),
        (pd.DataFrame({"id": ["a"], "vector": [[np.nan]]}), "not finite"),
        (pd.DataFrame({"id": ["a"], "vector": [[]]}), "not finite, or nothing"),
        (pd.DataFrame({"id": ["a"], "vector": [["x"]]}), "values that are no numbers"),
        (pd.DataFrame({"id": ["a"], "vector": [1.0]}), "not finite, or nothing"),
        (pd.DataFrame({"id": ["a"], "vector": [None]}), "not finite, or nothing|no numbers"),
    ],
)
def test_bad_external_vectors_are_told(vectors, message):
    with pytest.raises(InputError, match=message):
        external.block(pd.DataFrame({"id": ["a", "b"]}), vectors, standardise=False)


def test_vectors_are_read_from_parquet_and_npz_and_never_unpickled(tmp_path):
    table = external_vectors(["a", "b"])
    table.to_parquet(tmp_path / "v.parquet")
    np.savez(tmp_path / "v.npz", id=np.array(["a", "b"]), vector=np.stack(table["vector"]))
    for name in ("v.parquet", "v.npz"):
        read = job.read_vectors(tmp_path / name)
        assert read["id"].to_list() == ["a", "b"]
        np.testing.assert_array_equal(np.stack(read["vector"]), np.stack(table["vector"]))
    objects = np.array(["a", "b"], dtype=object)
    np.savez(tmp_path / "pickled.npz", id=objects, vector=np.zeros((2, 2)))
    (tmp_path / "text.parquet").write_text("no")
    table[["id"]].to_parquet(tmp_path / "half.parquet")
    bad = ["pickled.npz", "text.parquet", "half.parquet", "none.npz"]
    for name in ("v.parquet", "v.npz"):
        whole = (tmp_path / name).read_bytes()
        for cut in (0, 90, len(whole) - 9):
            bad.append(f"{cut}-{name}")
            (tmp_path / bad[-1]).write_bytes(whole[:cut])
    for name in bad:
        with pytest.raises(InputError, match="cannot be read as vectors") as caught:
            job.read_vectors(tmp_path / name)
        assert "\n" not in str(caught.value)


def test_pooled_songs_are_mean_and_deviation_of_their_clips():
    x = np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32)
    songs = np.array(["b", "a", "b", "c", "a", "b", "a"])
    found = pool_songs.transform(x, 0, song=songs, statistics=["mean", "std"])
    assert found.shape == (7, 6)
    for song in "abc":
        of_song = songs == song
        expected = np.concatenate([x[of_song].mean(axis=0), x[of_song].std(axis=0)])
        np.testing.assert_allclose(found[of_song], [expected] * of_song.sum(), atol=1e-6)


def test_quantile_normal_is_the_normal_quantile_of_the_rank():
    x = np.random.default_rng(0).lognormal(size=(101, 3))
    found = quantile_normal.transform(x, 0, language=np.full(101, "a"), by="none")
    expected = np.clip(norm.ppf((rankdata(x, axis=0) - 1) / 100), -3, 3)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    # Only order counts, and a constant column tells nothing.
    np.testing.assert_allclose(scaling.quantile_normal(np.log(x)), found, atol=1e-4)
    assert (scaling.quantile_normal(np.full((9, 2), 7.0)) == 0).all()


def test_quantile_normal_of_many_tracks_draws_none_at_random():
    x = np.random.default_rng(0).normal(size=(12_000, 1))
    found = scaling.quantile_normal(x)
    np.testing.assert_array_equal(found, scaling.quantile_normal(x))
    # A thousand quantiles stand for all ranks: exact enough but for the last few tracks.
    expected = norm.ppf((rankdata(x, axis=0) - 1) / 11_999)
    inner = np.abs(expected) < 2
    np.testing.assert_allclose(found[inner], expected[inner], atol=0.01)


@pytest.mark.parametrize("kind", ["standardise", "quantile_normal"])
def test_scaling_by_language_removes_what_sets_a_language_apart(kind, caplog):
    transform = kinds.load("transforms", kind).transform
    x = np.random.default_rng(0).normal(size=(41, 4))
    language = np.array(["a"] * 20 + ["b"] * 20 + ["c"])
    moved = np.where((language == "a")[:, None], 10 + 3 * x, x)
    found = transform(moved, 0, language=language, by="language")
    np.testing.assert_allclose(found, transform(x, 0, language=language, by="language"), atol=1e-4)
    for name in "ab":
        rows = language == name
        alone = transform(x[rows], 0, language=language[rows], by="none")
        np.testing.assert_allclose(found[rows], alone, atol=1e-4)
    assert (found[-1] == 0).all()
    assert "c has a single track" in caplog.text
    together = transform(moved, 0, language=language, by="none")
    assert np.abs(together[:20].mean(axis=0) - together[20:].mean(axis=0)).min() > 1


@pytest.mark.parametrize("kind", kinds.kinds("transforms"))
def test_a_transform_takes_its_settings_and_what_it_declares_to_need(kind):
    signature = inspect.signature(kinds.load("transforms", kind).transform)
    named = {n for n, p in signature.parameters.items() if p.kind is p.KEYWORD_ONLY}
    needs = kinds.declared("transforms", kind, "NEEDS")
    assert isinstance(needs, tuple)
    assert set(needs) <= set(job.table_schemas()["catalogue"])
    graph = {"graph"} if kinds.declared("transforms", kind, "GRAPH") else set()
    assert named == set(kinds.schemas("transforms", kind)) | set(needs) | graph


@pytest.mark.parametrize("kind", kinds.kinds("clusterers"))
def test_a_clusterer_takes_its_settings_and_the_graph_that_it_declares(kind):
    signature = inspect.signature(kinds.load("clusterers", kind).cluster)
    named = {n for n, p in signature.parameters.items() if p.kind is p.KEYWORD_ONLY}
    counted_by = kinds.declared("clusterers", kind, "GRAPH")
    assert named == set(kinds.schemas("clusterers", kind)) | ({"graph"} if counted_by else set())
    assert counted_by is None or counted_by in named


def test_a_transform_is_handed_nothing_but_what_it_declares(tmp_path, monkeypatch):
    seen = {}

    def transform(x, seed, **given):
        seen.update(given)
        return x

    module = SimpleNamespace(
        **{"SEVERAL": False, "RANDOM": False, "COMPILES": False, "NEEDS": ("language",)},
        transform=transform,
    )
    monkeypatch.setattr(kinds, "load", lambda *_: module)
    job.write_space(["a", "b"], {1: np.eye(2)}, tmp_path / "space.parquet")
    catalogue = {"id": ["b", "a"], "song": "s", "language": ["x", "y"], "genre": ["g", "h"]}
    catalogue = pd.DataFrame(catalogue)
    catalogue.to_parquet(tmp_path / "catalogue.parquet")
    transform_space.main(
        SimpleNamespace(
            params=SimpleNamespace(
                kind="any",
                level="clip",
                settings='{"by": "language"}',
                seeds=[1],
                exact_up_to=9,
            ),
            input=SimpleNamespace(
                spaces=[tmp_path / "space.parquet"],
                graph=[],
                catalogue=tmp_path / "catalogue.parquet",
            ),
            output=SimpleNamespace(space=tmp_path / "out.parquet"),
        )
    )
    assert seen.pop("language").tolist() == ["y", "x"]
    assert seen == {"by": "language"}


def test_spaces_of_different_tracks_meet_in_those_they_share(tmp_path):
    job.write_space(["a", "b", "c"], {1: np.eye(3)}, tmp_path / "one.parquet")
    job.write_space(["c", "a"], {1: np.ones((2, 2)), 2: np.eye(2)}, tmp_path / "two.parquet")
    ids, (one, two) = job.read_common([tmp_path / "one.parquet", tmp_path / "two.parquet"])
    assert ids == ["a", "c"]
    np.testing.assert_array_equal(one[1], np.eye(3)[[0, 2]])
    np.testing.assert_array_equal(two[2], np.eye(2)[[1, 0]])
    with pytest.raises(InputError, match=r"lacks 1 of the tracks .* such as 'b'"):
        job.vectors_of(pd.Series(["a", "b"]), job.read_space(tmp_path / "two.parquet"), 1)


def test_pca_keeps_as_much_variance_as_asked_and_no_more():
    x = np.random.default_rng(0).normal(size=(200, 10)) @ np.diag([10, 5, 3, 1, *[0.1] * 6])
    found = pca.transform(x, 0, variance=0.95)
    singular = np.linalg.svd(x - x.mean(axis=0), compute_uv=False)
    share = np.cumsum(singular**2) / np.sum(singular**2)
    assert found.shape[1] == np.argmax(share >= 0.95) + 1
    kept = found.var(axis=0).sum() / x.var(axis=0).sum()
    assert kept == pytest.approx(share[found.shape[1] - 1])


@pytest.mark.filterwarnings("ignore:precomputed_knn")
def test_umap_is_umap_learns_and_seeded():
    settings = kinds.settings("transforms", "umap", {"neighbours": 5})
    x = np.random.default_rng(0).normal(size=(60, 8)).astype(np.float32)
    found = umap.transform(x, 3, graph=near(x), **settings)
    # Distances that it computes itself are rounded otherwise, which the layout magnifies: so their
    # graphs are compared, and the layout of one graph.
    own, given = made_by(x, 5), made_by(x, 5, near(x).nearest(4))
    np.testing.assert_allclose(given.graph_.toarray(), own.graph_.toarray(), atol=1e-4)
    np.testing.assert_array_equal(found, given.embedding_)
    assert not np.array_equal(found, umap.transform(x, 4, graph=near(x), **settings))


def test_umap_of_parts_that_nothing_connects_is_seeded_too():
    # Eight songs far apart in many dimensions: umap-learn's own start is another at every call.
    random = np.random.default_rng(0)
    song = np.repeat(np.arange(8), 30)
    x = 9 * random.normal(size=(8, 100))[song] + random.normal(size=(240, 100))
    settings = kinds.settings("transforms", "umap", {})
    for seed in range(3):
        first, again = (umap.transform(x, seed, graph=near(x), **settings) for _ in range(2))
        np.testing.assert_array_equal(first, again)
    assert silhouette_score(first, song) > 0.8


def made_by(x, neighbours, graph=None):
    """umap-learn's own, with neighbours that it finds or that a graph has."""
    from umap import UMAP

    knn = (None, None, None)
    if graph:
        rows = np.arange(len(x), dtype=np.int32)[:, None]
        knn = (
            np.hstack([rows, graph.indices]),
            np.hstack([np.zeros((len(x), 1), np.float32), graph.distances]),
        )
    return UMAP(
        n_neighbors=neighbours, min_dist=0.1, random_state=3, n_jobs=1, precomputed_knn=knn
    ).fit(x)


def test_a_balanced_graph_draws_languages_together():
    group = np.repeat([0, 1, 2], 60)
    settings = kinds.settings("transforms", "umap", {"balance": "language"})
    apart = {"plain": [], "balanced": []}
    for seed in range(4):
        x = np.random.default_rng(seed).normal(size=(180, 6)).astype(np.float32)
        x[:, 0] += 2 * group
        for name, graph in {"plain": near(x), "balanced": near(x, groups=group)}.items():
            found = umap.transform(x, seed, graph=graph, **settings)
            apart[name].append(silhouette_score(found, group))
    # 0.62 ± 0.05 of it for one of 6 seeds, so 0.03 for the mean of four.
    assert np.mean(apart["balanced"]) < 0.8 * np.mean(apart["plain"])


BASELINES = {"majority", "random"}


@pytest.mark.parametrize("name", sorted(set(kinds.kinds("clusterers")) - BASELINES))
def test_clusterers_find_separate_blobs(name):
    centres = np.eye(4, 5) * 30
    x, truth = make_blobs(120, centers=centres, cluster_std=0.5, random_state=0)
    clusterer = kinds.load("clusterers", name)
    settings = kinds.settings("clusterers", name, {"eps": "k-distance"})
    k = 4 if clusterer.NEEDS_K else None
    if hasattr(clusterer, "GRAPH"):
        settings["graph"] = near(x)
    found = clusterer.cluster(x, k, 0, **settings)
    assert found.shape == (120,)
    clustered = found >= 0
    assert clustered.mean() > 0.9
    assert adjusted_rand_score(truth[clustered], found[clustered]) == pytest.approx(1)


def test_more_neighbours_than_tracks_are_told_of_in_the_log(caplog):
    x, _ = make_blobs(n_samples=12, n_features=5, random_state=0)
    most, found = (
        umap.transform(x, 0, graph=near(x), **kinds.settings("transforms", "umap", row))
        for row in ({"neighbours": 11}, {"neighbours": 15})
    )
    np.testing.assert_array_equal(found, most)
    told = "neighbours = 15, but a track of 12 has only 11 others: so many are used"
    assert [record.getMessage() for record in caplog.records] == [told]
    caplog.clear()
    spectral.cluster(x, 3, 0, graph=near(x), neighbours=15)
    assert told in caplog.text


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (
            lambda x: umap.transform(
                x, 0, graph=near(x), **kinds.settings("transforms", "umap", {"dimensions": 3})
            ),
            r"^a UMAP of 3 dimensions needs at least 5 tracks, and there are 4$",
        ),
        (
            lambda x: umap.transform(
                x,
                0,
                graph=near(x, groups="abcd"),
                **kinds.settings("transforms", "umap", {"balance": "language"}),
            ),
            r"^a UMAP needs neighbours, and each track is alone in its language$",
        ),
        (
            lambda x: spectral.cluster(x, 4, 0, graph=near(x), neighbours=2),
            r"^spectral clustering into k = 4 needs more than 4 tracks, and there are 4$",
        ),
    ],
)
def test_too_few_tracks_are_told(made, message):
    with pytest.raises(InputError, match=message):
        made(np.eye(4, 6))


def test_fewer_tracks_than_min_samples_are_noise_and_told_of(caplog):
    for eps in (0.5, "k-distance"):
        found = dbscan.cluster(np.eye(4), None, 0, graph=near(np.eye(4)), eps=eps, min_samples=5)
        assert found.tolist() == [-1] * 4
    assert "min_samples = 5 is more than the 4 tracks: all of them are noise" in caplog.text


def test_a_mixture_tells_a_narrow_cluster_from_a_wide_one_around_it():
    draws = np.random.default_rng(0)
    x = np.concatenate([draws.normal(0, 0.1, (100, 6)), draws.normal(0, 3, (100, 6))])
    truth = np.repeat([0, 1], 100)
    settings = kinds.settings("clusterers", "gmm", {})
    found = gmm.cluster(x, 2, 0, **settings)
    assert adjusted_rand_score(truth, found) == pytest.approx(1)
    np.testing.assert_array_equal(found, gmm.cluster(x, 2, 0, **settings))
    # K-Means, which knows no widths, cannot.
    assert adjusted_rand_score(truth, kmeans.cluster(x, 2, 0)) < 0.5


def test_a_diagonal_mixture_assigns_by_the_densities_of_its_components():
    draws = np.random.default_rng(1)
    x = np.concatenate([draws.normal(m, s, (150, 2)) for m, s in ((0, [1, 3]), (2.5, [2, 0.5]))])
    found = gmm.cluster(x, 2, 0, **kinds.settings("clusterers", "gmm", {}))
    # The fixed point of expectation maximisation, from what was found: near enough to hard groups.
    density = np.stack(
        [
            norm(x[found == c].mean(axis=0), x[found == c].std(axis=0)).logpdf(x).sum(axis=1)
            + np.log((found == c).mean())
            for c in (0, 1)
        ]
    )
    assert (density.argmax(axis=0) == found).mean() > 0.95


def test_baselines_know_nothing():
    x = np.random.default_rng(0).normal(size=(4000, 3))
    assert (majority.cluster(x, None, 0) == 0).all()
    found = random.cluster(x, 8, 3)
    assert np.bincount(found) == pytest.approx(np.full(8, 500), abs=100)
    np.testing.assert_array_equal(found, random.cluster(-x, 8, 3))
    assert adjusted_rand_score(found, random.cluster(x, 8, 4)) == pytest.approx(0, abs=0.01)


def test_k_distance_is_the_knee():
    # Ninety points 1 apart in a chain and ten far away: the knee lies at the chain's distance.
    x = np.concatenate([np.arange(90.0), 1000 + 100 * np.arange(10.0)])[:, None]
    assert _radius.k_distance(near(x), 3) == pytest.approx(2, abs=1)


def test_spectral_clustering_is_scikit_learns_on_the_graph_that_it_would_find():
    x = np.random.default_rng(0).normal(size=(150, 4)).astype(np.float32)
    found = spectral.cluster(x, 5, 3, graph=near(x), neighbours=10)
    plain = SpectralClustering(5, affinity="nearest_neighbors", n_neighbors=10, random_state=3)
    np.testing.assert_array_equal(found, plain.fit_predict(x))


def test_leiden_maximises_modularity_of_shared_neighbours():
    x, truth = make_blobs(200, 8, centers=4, cluster_std=2.5, random_state=1)
    settings = kinds.settings("clusterers", "leiden", {"neighbours": 10})
    graph = near(x)
    found = leiden.cluster(x, None, 0, graph=graph, **settings)
    circles = [{row, *others} for row, others in enumerate(graph.nearest(10).indices.tolist())]
    edges = nx.Graph()
    for row, others in enumerate(graph.nearest(10).indices.tolist()):
        for other in others:
            both = circles[row] & circles[other], circles[row] | circles[other]
            edges.add_edge(row, other, weight=len(both[0]) / len(both[1]))

    def modularity(clusters):
        return nx.community.modularity(
            edges, [np.flatnonzero(clusters == c) for c in set(clusters)]
        )

    louvain = nx.community.louvain_communities(edges, seed=0)
    assert modularity(found) > nx.community.modularity(edges, louvain) - 0.005
    assert modularity(found) >= modularity(truth) - 1e-9
    np.testing.assert_array_equal(found, leiden.cluster(x, None, 0, graph=graph, **settings))
    many = leiden.cluster(x, None, 0, graph=graph, **settings | {"resolution": 8.0})
    assert len(set(many)) > len(set(found))
    one = leiden.cluster(x[:1], None, 0, graph=near(x[:1]), **settings)
    assert one.tolist() == [0]


def test_held_out_songs_are_whole():
    songs = [f"song {n // 3}" for n in range(60)]
    held_out = split_songs(songs, 0.2, seed=1)
    assert held_out.sum() == 12
    assert not set(np.array(songs)[held_out]) & set(np.array(songs)[~held_out])
    assert (split_songs(songs, 0.2, seed=1) == held_out).all()
    with pytest.raises(InputError, match="at least two songs"):
        split_songs(["one"] * 5, 0.2, seed=1)


def test_squared_error_is_per_feature_and_seed():
    x = np.zeros((2, 3, 4))
    made = np.stack([np.full((3, 4), 1.0), np.full((3, 4), 3.0)])
    np.testing.assert_array_equal(squared_error(x, made), [1, 9])


def test_bundled_model_embeds_and_knows_meaning():
    texts = [
        "Audio with slow tempo, low energy, dark sound, simple rhythm",
        "Audio with slow tempo, low energy, dark sound, moderate rhythm",
        "The parliament passed a law on fisheries",
    ]
    found = embed(texts, "bundled")
    assert found.shape == (3, 384)
    assert found.dtype == np.float32
    near, far = found[0] @ found[1], found[0] @ found[2]
    assert near > 0.8 > far


def test_a_model_that_is_not_there_is_told_in_a_sentence(tmp_path):
    (tmp_path / "model").mkdir()
    with pytest.raises(InputError, match=r"text\.model .* cannot be loaded"):
        embed(["a"], str(tmp_path / "model"))
