"""Neighbours: who is nearest, balanced or not, exactly or nearly, and found once for all."""

import json
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from project import REPOSITORY
from scipy.spatial.distance import cdist

from adapters.spaces import find_neighbours
from adapters.studies import audit_labels
from hybridmusic import kinds
from hybridmusic.spaces import neighbours
from hybridmusic.spaces.neighbours import METRICS, Graph, at_most, knn_graph
from shared import graphs as shared_graphs
from shared import job

PAPER = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text())


def points(n=90, d=5, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


def graph_of(x, k, **given):
    return knn_graph(x, k, **{"exact_up_to": len(x), "seed": 0} | given)


def sorted_by_hand(x, metric="euclidean"):
    """Rows of the others of each track, nearest first, and all distances."""
    distances = cdist(x.astype(float), x.astype(float), metric)
    np.fill_diagonal(distances, np.inf)
    return np.argsort(distances, axis=1, kind="stable"), distances


@pytest.mark.numerical
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("d", [3, 60])
def test_neighbours_are_the_nearest_others_nearest_first(metric, d):
    x = points(d=d)
    order, distances = sorted_by_hand(x, metric)
    found = graph_of(x, 7, metric=metric)
    np.testing.assert_array_equal(found.indices, order[:, :7])
    expected = np.take_along_axis(distances, found.indices, axis=1)
    np.testing.assert_allclose(found.distances, expected, atol=1e-5)
    assert found.indices.dtype == np.int32
    assert found.distances.dtype == np.float32
    assert found.exact


@pytest.mark.numerical
def test_equal_tracks_are_at_distance_zero_and_never_their_own_neighbours():
    x = np.repeat(points(30, 436) * 50, 4, axis=0)
    for metric in METRICS:
        found = graph_of(x, 3, metric=metric)
        assert (found.distances == 0).all()
        assert (found.indices // 4 == np.arange(120)[:, None] // 4).all()
        assert (found.indices != np.arange(120)[:, None]).all()


@pytest.mark.parametrize("n", [1, 2, 5])
def test_there_are_no_more_neighbours_than_others(n, caplog):
    assert graph_of(points(n), 9).indices.shape == (n, n - 1)
    assert at_most(9, n) == n - 1
    assert f"neighbours = 9 exceeds the {n - 1} other tracks" in caplog.text


@pytest.mark.parametrize("k", [6, 7, 8])
def test_a_balanced_graph_has_as_many_neighbours_of_each_group(k):
    group = np.array(["b", "a", "c"])[np.random.default_rng(1).choice(3, 90, p=[0.6, 0.3, 0.1])]
    x = points() + 20 * (group == "c")[:, None]
    found = graph_of(x, k, groups=group)
    share = {name: k // 3 + (place < k % 3) for place, name in enumerate("abc")}
    order, _ = sorted_by_hand(x)
    for row, others in enumerate(found.first(k).indices):
        assert Counter(group[others]) == share
        for name in "abc":
            of_group = [other for other in order[row] if group[other] == name]
            assert [other for other in others if group[other] == name] == of_group[: share[name]]
    np.testing.assert_array_equal(np.sort(found.distances), found.first(k).distances)


def test_the_first_of_many_neighbours_are_the_graph_of_few():
    x, group = points(), np.repeat(["a", "b", "c"], [70, 15, 5])
    for groups in (None, group):
        many = graph_of(x, 30, groups=groups)
        for k in (1, 5, 14, 25):
            few = graph_of(x, k, groups=groups).first(k)
            np.testing.assert_array_equal(many.first(k).indices, few.indices)
            np.testing.assert_array_equal(many.first(k).distances, few.distances)


def test_a_group_that_has_no_more_leaves_its_turn_and_one_track_is_no_group():
    group = np.repeat(["a", "b", "c"], [60, 4, 1])
    found = graph_of(points(65), 12, groups=group)
    assert {tuple(sorted(Counter(group[others]).items())) for others in found.indices} == {
        (("a", 9), ("b", 3))
    }


@pytest.mark.long
@pytest.mark.parametrize("groups", [None, np.arange(1500) % 3])
def test_beyond_the_limit_the_search_is_nearly_exact_and_the_same_again(groups):
    x = points(1500, 12)
    x[:50] = x[0]
    for metric in METRICS:
        exact = graph_of(x, 15, metric=metric, groups=groups)
        found = graph_of(x, 15, metric=metric, groups=groups, exact_up_to=100)
        assert not found.exact
        recall = np.mean(
            [len(set(a) & set(b)) / 15 for a, b in zip(found.indices, exact.indices, strict=True)][
                50:
            ]
        )
        assert recall > 0.98
        again = graph_of(x, 15, metric=metric, groups=groups, exact_up_to=100)
        np.testing.assert_array_equal(found.indices, again.indices)
        assert (found.indices != np.arange(1500)[:, None]).all()
        assert (found.indices >= 0).all()


def test_a_search_among_few_is_exact_however_many_there_are():
    group = np.repeat(["a", "b"], [80, 40])
    assert graph_of(points(120), 6, groups=group, exact_up_to=80).exact


def test_a_graph_is_read_as_it_was_written(tmp_path):
    ids, members = list("abcdefgh"), {3: points(8), 4: points(8, seed=1)}
    written = {seed: graph_of(x, 3) for seed, x in members.items()}
    written[4] = Graph(*written[4][:2], exact=False)
    shared_graphs.write(ids, written, tmp_path / "graph.parquet")
    found = shared_graphs.read(tmp_path / "graph.parquet")
    assert list(found) == [3, 4]
    for seed, graph in found.items():
        np.testing.assert_array_equal(graph.indices, written[seed].indices)
        np.testing.assert_array_equal(graph.distances, written[seed].distances)
        assert graph.exact == (seed == 3)
    # It is read, and not found again.
    module = kinds.load("clusterers", "spectral")
    near = shared_graphs.handed(
        module, {"neighbours": 3}, members, 100, path=tmp_path / "graph.parquet"
    )
    np.testing.assert_array_equal(near[3]["graph"].nearest(2).indices, written[3].indices[:, :2])
    assert shared_graphs.handed(kinds.load("clusterers", "gmm"), {}, members, 100) == {3: {}, 4: {}}


def test_neighbours_are_found_once_and_only_where_they_are_asked_for(monkeypatch):
    calls = []
    monkeypatch.setattr(
        shared_graphs.neighbours, "knn_graph", lambda x, k, **_: calls.append(k) or graph_of(x, k)
    )
    near = shared_graphs.of_members({0: points()}, 9, 100)
    assert not calls
    assert near[0].nearest(4).indices.shape == (90, 4)
    assert near[0].nearest(9).indices.shape == (90, 9)
    assert calls == [9]


def test_one_language_is_told_to_have_nothing_to_balance(caplog):
    tracks = pd.DataFrame({"language": ["x"] * 4})
    assert neighbours.groups_of("language", tracks) is None
    assert "one language: there is nothing to balance" in caplog.text
    assert neighbours.groups_of("language", pd.DataFrame({"language": list("xy")})).size == 2


def run(folder, balance="none", **changes):
    """Find neighbours as the rule does."""
    ids = [f"t{n}" for n in range(40)]
    job.write_space(ids, {1: points(40)}, folder / "space.parquet")
    tracks = pd.DataFrame({"id": ids[::-1], "language": ["x", "y"] * 20, "genre": ["g", "h"] * 20})
    tracks["song"] = tracks["id"]
    tracks.assign(**changes).to_parquet(folder / "catalogue.parquet")
    catalogue = folder / "catalogue.parquet" if balance != "none" else []
    find_neighbours.main(
        SimpleNamespace(
            input=SimpleNamespace(space=folder / "space.parquet", catalogue=catalogue),
            params=SimpleNamespace(
                metric="euclidean",
                balance=balance,
                level="clip",
                neighbours=6,
                exact_up_to=100,
            ),
            output=SimpleNamespace(neighbours=folder / "graph.parquet"),
        )
    )
    return (folder / "graph.parquet").read_bytes()


def test_nothing_but_the_language_shapes_a_balanced_graph(tmp_path):
    plain, balanced = run(tmp_path), run(tmp_path, "language")
    assert plain != balanced
    assert run(tmp_path, "language", genre="same") == balanced
    assert run(tmp_path, "language", language=["y"] * 9 + ["x"] * 31) != balanced
    found = shared_graphs.read(tmp_path / "graph.parquet")[1]
    language = np.array((["y"] * 9 + ["x"] * 31)[::-1])
    assert {tuple(sorted(Counter(language[row]).items())) for row in found.indices} == {
        (("x", 3), ("y", 3))
    }


def test_the_audit_finds_neighbours_again(tmp_path):
    run(tmp_path, "language")
    settings = {"metric": "euclidean", "balance": "language", "neighbours": 6}
    step = {"noun": "graph", "name": "audio", "family": "neighbours", "kind": "", "of": []}
    step["level"] = "clip"
    again = audit_labels.again(
        step | {"settings": settings},
        {"space": [tmp_path / "space.parquet"]},
        tmp_path / "catalogue.parquet",
        SimpleNamespace(
            params=SimpleNamespace(seed=1, k=[3], exact_up_to=100),
            input=SimpleNamespace(features=None, culture=[]),
            threads=1,
        ),
    )
    assert again.equals(audit_labels.first_seed(tmp_path / "graph.parquet", 1))


@pytest.mark.long
def test_a_run_shares_its_graphs_and_audits_them(project):
    wanted = ("raw_kmeans", "dbscan_umap", "cond_vae_kmeans")
    rows = [row for row in PAPER["methods"] if row["name"] in wanted]
    leiden = {"label": "Leiden", "task": "Beyond", "space": "audio", "clusterer": "leiden"}
    spaces = {"contrastive": {"kind": "contrastive_vae", "of": "audio", "epochs": 2}}
    balanced = {"balance": "language", "metric": "cosine", "neighbours": 4}
    project.write_config(
        balance=False,
        audit="strict",
        spaces=spaces,
        show=["contrastive"],
        methods=[
            *rows,
            {"name": "leiden", **leiden},
            {"name": "leiden_balanced", **leiden, "label": "Balanced", **balanced},
            {"name": "leiden_finer", **leiden, "label": "Finer", **balanced, "resolution": 3},
        ],
    )
    made = ["clusterings/leiden_finer", "models/contrastive/held_out", "audit"]
    project.succeed(*(f"results/tiny/{name}.parquet" for name in made))
    found = {path.stem for path in (project.results / "neighbours").glob("*.parquet")}
    assert {"audio.euclidean.none", "audio.cosine.language"} <= found
    graph = shared_graphs.read(project.results / "neighbours/audio.cosine.language.parquet")
    assert next(iter(graph.values())).indices.shape[1] == 4
    audited = pd.read_parquet(project.results / "audit.parquet").set_index(["kind", "what"])
    assert set(audited.loc["graph"].index) == found
    row = audited.loc["graph", "audio.cosine.language"]
    assert row[["claims", "compared", "differs"]].to_list() == ["language", "computed again", False]
    assert audited.loc[("clustering", "leiden_finer"), "claims"] == "language"
    settings = json.loads((project.results / "models/contrastive/settings.json").read_text())
    assert settings["neighbours"] == 15
