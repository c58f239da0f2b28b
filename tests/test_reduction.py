"""Reduce, then cluster: what is clustered, and what is said of it."""

import numpy as np
import pandas as pd
import pytest
from conftest import near
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score, silhouette_score

from hybridmusic import reduction, reduction_effect, reduction_table, sheets

pytestmark = pytest.mark.numerical

X, BLOB = make_blobs(120, 5, centers=3, cluster_std=0.5, random_state=0)
GENRES = np.array(["a", "b", "c"])[BLOB]


@pytest.mark.parametrize("scale", [0.01, 100])
@pytest.mark.parametrize("clusterer", ["kmeans", "ward", "dbscan", "spectral"])
@pytest.mark.filterwarnings("ignore:Graph is not fully connected")
def test_every_clusterer_finds_blobs_of_any_size(clusterer, scale):
    clusters = reduction.cluster(scale * X, clusterer, 3, 0, near(scale * X))
    clustered = clusters >= 0
    assert clustered.mean() > 0.8
    assert adjusted_rand_score(BLOB[clustered], clusters[clustered]) == 1


def test_silhouettes_average_to_the_silhouette_and_miss_where_it_is_not_defined():
    clusters = np.where(X[:, 0] > np.median(X[:, 0]), 0, -1)
    found = reduction.silhouettes(X, clusters)
    assert found.mean() == pytest.approx(silhouette_score(X, clusters))
    assert np.isnan(reduction.silhouettes(X, np.zeros(120))).all()
    assert np.isnan(reduction.silhouettes(X, np.arange(120))).all()


def test_a_space_without_randomness_serves_every_seed():
    found = reduction.clustered(list("ab") * 60, {7: X}, {7: near(X)}, "kmeans", 3, [7, 8])
    assert found["seed"].value_counts().to_dict() == {7: 120, 8: 120}
    second = found[found["seed"] == 8]["cluster"]
    np.testing.assert_array_equal(second, reduction.cluster(X, "kmeans", 3, 8, near(X)))


def tracks():
    ids = [f"t{n}" for n in range(120)]
    frame = pd.DataFrame({"genre": GENRES, "song": [f"s{n // 2}" for n in range(120)]}, index=ids)
    # Of the last no genre is known: all scores go by the others.
    frame.loc["t119", "genre"] = None
    return frame


def mistaken(n, seed=0):
    """The blobs with `n` tracks in a random cluster."""
    random = np.random.default_rng(seed)
    clusters = BLOB.copy()
    clusters[random.permutation(120)[:n]] = random.integers(0, 3, n)
    return clusters


def table(**clusters):
    """A table of the kind `reduced`: K-Means by reduction, a clustering for each seed."""
    rows = [
        pd.DataFrame({"id": tracks().index, "seed": seed, "cluster": found, "reduction": name})
        for name, of_seeds in clusters.items()
        for seed, found in enumerate(of_seeds)
    ]
    silhouettes = {"none": 0.1, "pca": np.nan, "umap": 0.5}
    frame = pd.concat(rows)
    return frame.assign(clusterer="kmeans", silhouette=frame["reduction"].map(silhouettes))


def measured():
    better = table(none=[mistaken(90)], pca=[mistaken(90)], umap=[BLOB, mistaken(10)])
    worse = table(none=[mistaken(10)], pca=[mistaken(10)], umap=[mistaken(90, 5)])
    found = {"better": better, "worse": worse, "told": better}
    return reduction_effect.measure(found, tracks(), 200, 0)


def test_scores_are_means_over_seeds_of_tracks_with_a_genre():
    scores = reduction_effect.scores(measured())
    rows = scores.set_index(["space", "reduction", "metric"]).sort_index()
    nmi = [normalized_mutual_info_score(GENRES[:119], c[:119]) for c in (BLOB, mistaken(10))]
    row = rows.loc[("better", "umap", "nmi")]
    assert row["value"] == pytest.approx(np.mean(nmi))
    assert row["low"] < row["value"] < row["high"]
    ari = adjusted_rand_score(GENRES[:119], mistaken(90)[:119])
    assert rows.loc[("better", "none", "ari"), "value"] == pytest.approx(ari)
    change = rows.loc[("better", "umap", "ari"), "value"] - ari
    assert rows.loc[("better", "umap", "ari"), "change"] == pytest.approx(change)
    assert rows.loc[("better", "umap", "n_clusters"), "value"] == 3
    # What is not reduced has no change, and the same clusters change by exactly nothing.
    assert rows.xs("none", level="reduction")["change"].isna().all()
    same = rows.loc[("better", "pca", "nmi"), ["change", "change_low", "change_high"]]
    assert same.to_list() == [0, 0, 0]
    assert np.isnan(rows.loc[("better", "pca", "silhouette"), "value"])


def test_changes_are_means_over_spaces_that_saw_no_genres():
    found = measured()
    changes = reduction_effect.changes(found, ["told"]).set_index(["reduction", "metric"])
    scores = reduction_effect.scores(found)
    umap = scores[scores["reduction"].eq("umap") & scores["space"].ne("told")]
    for metric in ("nmi", "ari", "silhouette"):
        expected = umap[umap["metric"] == metric]["change"].mean()
        assert changes.loc[("umap", metric), "change"] == pytest.approx(expected)
    assert changes.loc[("umap", "nmi"), ["rises", "falls", "compared"]].to_list() == [1, 1, 2]
    assert changes.loc[("umap", "silhouette"), ["rises", "falls"]].to_list() == [2, 0]
    # No Silhouette of the PCA is defined, so there is none to compare.
    assert ("pca", "silhouette") not in changes.index
    assert reduction_effect.changes(found, ["better", "worse", "told"]).empty


def test_clusterers_that_find_k_are_averaged_by_themselves():
    found = {
        (space, clusterer, name): dict.fromkeys(
            ("nmi", "ari", "silhouette"), (value, np.full(9, value))
        )
        for space, clusterer, name, value in (
            ("audio", "dbscan", "none", 0.0),
            ("audio", "dbscan", "umap", 0.6),
            ("audio", "ward", "none", 0.5),
            ("audio", "ward", "umap", 0.6),
            ("audio", "kmeans", "none", 0.3),
            ("audio", "kmeans", "umap", 0.6),
        )
    }
    nmi = reduction_effect.changes(found, []).query("metric == 'nmi'")
    assert nmi["clusterers"].to_list() == ["ward, kmeans", "dbscan"]
    np.testing.assert_allclose(nmi["change"], [0.2, 0.6])


def change(metric, low, high):
    row = {"reduction": "umap", "clusterers": "kmeans, ward", "metric": metric}
    row |= {"change": (low + high) / 2, "low": low, "high": high}
    return row | {"rises": 3, "falls": 1, "compared": 8}


@pytest.mark.parametrize(
    ("nmi", "ari", "silhouette", "said"),
    [
        ((0.1, 0.2), (0.1, 0.2), (0.1, 0.2), "raises the Silhouette and agreement with genre"),
        (
            (0.1, 0.2),
            (-0.1, 0.2),
            (0.1, 0.2),
            "raises the Silhouette and does not clearly change agreement with genre",
        ),
        (
            (-0.2, -0.1),
            (-0.2, -0.1),
            (0.1, 0.2),
            "raises the Silhouette and lowers agreement with genre",
        ),
        ((0.1, 0.2), (0.1, 0.2), None, "average raises agreement with genre"),
    ],
)
def test_the_verdict_follows_from_the_intervals(nmi, ari, silhouette, said):
    of = {"nmi": nmi, "ari": ari, "silhouette": silhouette}
    rows = [change(metric, *limits) for metric, limits in of.items() if limits]
    sentence = reduction_table.verdict(pd.DataFrame(rows))
    assert said in sentence
    assert sentence.startswith("UMAP before kmeans, ward on average ")
    middle = sum(nmi) / 2
    assert f"NMI {middle:+.3f} ({nmi[0]:+.3f} to {nmi[1]:+.3f}; 3 of 8 rise, 1 fall)" in sentence


def test_the_table_says_what_changed_beyond_its_interval():
    found = measured()
    scores, labels = (
        reduction_effect.scores(found),
        {"worse": "worse", "better": "better", "told": "told†"},
    )
    full = reduction_table.table(scores, labels)
    assert full["Space"].to_list() == ["worse"] * 3 + ["better"] * 3 + ["told†"] * 3
    shown = reduction_table.shown(full).set_index(["Space", "Reduction"])["Change"]
    assert shown["better", "as it is"] == "–"
    assert shown["better", "PCA"] == "within intervals"
    assert shown["better", "UMAP"] == "NMI up, ARI up, Silhouette up"
    assert shown["worse", "UMAP"] == "Silhouette up, NMI down, ARI down"
    notes = reduction_table.notes(labels, ["kmeans"], 3)
    assert any(note.endswith("left out of the means: told†.") for note in notes)
    assert not any("DBSCAN" in note for note in notes)
    assert "| –" in sheets.to_markdown(sheets.Sheet("T", reduction_table.shown(full)))


def test_without_genres_the_table_is_empty():
    scores = pd.DataFrame(columns=["space", "clusterer", "reduction", "metric", "value"])
    full = reduction_table.table(scores, {"audio": "audio"})
    assert full.empty
    assert list(reduction_table.shown(full))[-2:] == ["Silhouette 90 %", "Change"]
