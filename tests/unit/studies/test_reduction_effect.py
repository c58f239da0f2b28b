"""Changes by reduction: paired scores, and their changes in each space."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from hybridmusic.evaluation.estimate import Estimate
from hybridmusic.studies import reduction_effect

pytestmark = pytest.mark.numerical

BLOB = np.random.default_rng(0).permutation(np.arange(120) % 3)
GENRES = np.array(["a", "b", "c"])[BLOB]


def tracks():
    ids = [f"t{n}" for n in range(120)]
    frame = pd.DataFrame({"genre": GENRES, "unit": [f"s{n // 2}" for n in range(120)]}, index=ids)
    # The last track has no genre, so all scores are of the others.
    frame.loc["t119", "genre"] = None
    return frame


def mistaken(n, seed=0):
    """Return the blobs with `n` tracks in a random cluster."""
    random = np.random.default_rng(seed)
    clusters = BLOB.copy()
    clusters[random.permutation(120)[:n]] = random.integers(0, 3, n)
    return clusters


def table(**clusters):
    """Return a table of the kind `reduced`: K-Means by reduction, a clustering for each seed."""
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
    found = {"better": better, "worse": worse, "shown": better}
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
    # Spaces as they are have no change, and the change of the same clusters is exactly 0.
    assert rows.xs("none", level="reduction")["change"].isna().all()
    same = rows.loc[("better", "pca", "nmi"), ["change", "change_low", "change_high"]]
    assert same.to_list() == [0, 0, 0]
    assert np.isnan(rows.loc[("better", "pca", "silhouette"), "value"])


def test_changes_are_those_of_spaces_that_saw_no_genres():
    found = measured()
    changes = reduction_effect.changes(found, ["shown"])
    assert set(changes["space"]) == {"better", "worse"}
    by = ["space", "reduction", "metric"]
    columns = ["change", "change_low", "change_high"]
    # There is one clusterer, so its changes are those of the space.
    expected = (
        reduction_effect.scores(found).set_index(by).loc[pd.MultiIndex.from_frame(changes[by])]
    )
    np.testing.assert_allclose(changes[columns], expected[columns], atol=1e-12)
    low = changes.set_index(by)["change_low"]
    assert low["better", "umap", "nmi"] > 0 > low["worse", "umap", "nmi"]
    # No Silhouette of the PCA is defined, so there is none to compare.
    assert not (changes["reduction"].eq("pca") & changes["metric"].eq("silhouette")).any()
    assert reduction_effect.changes(found, ["better", "worse", "shown"]).empty


def test_changes_in_a_space_are_means_over_clusterers_by_whether_they_find_k():
    values = {
        ("audio", "dbscan"): (0.0, 0.6),
        ("audio", "ward"): (0.5, 0.6),
        ("audio", "kmeans"): (0.3, 0.6),
        ("hybrid", "ward"): (0.4, 0.2),
        ("hybrid", "kmeans"): (0.4, np.nan),
    }
    found = {
        (*key, name): dict.fromkeys(
            ("nmi", "ari", "silhouette"), Estimate(value, np.full(9, value))
        )
        for key, pair in values.items()
        for name, value in zip(("none", "umap"), pair, strict=True)
    }
    nmi = reduction_effect.changes(found, []).query("metric == 'nmi'")
    assert nmi["clusterers"].to_list() == ["ward, kmeans", "ward, kmeans", "dbscan"]
    assert nmi["space"].to_list() == ["audio", "hybrid", "audio"]
    np.testing.assert_allclose(nmi["change"], [0.2, -0.2, 0.6])
