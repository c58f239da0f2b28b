"""Methods fitted again on halves of the songs, in a run."""

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import StandardScaler

from hybridmusic.evaluation.halves import halves, strata


@pytest.fixture(scope="module")
def refitted(computed) -> pd.DataFrame:
    folder = computed.results / "clusterings/halves"
    return pd.concat(map(pd.read_parquet, sorted(folder.glob("*.parquet"))))


def test_every_method_is_fitted_again_on_every_half(computed, refitted):
    catalogue = pd.read_parquet(computed.results / "catalogue.parquet").set_index("id")
    drawn = halves(catalogue["song"], strata(catalogue), 4, 42)
    uncertainty = pd.read_parquet(computed.results / "uncertainty.parquet")
    assert set(refitted["method"]) == set(uncertainty["method"])
    assert set(uncertainty["refitted"]) == {"all"}
    for (_, half), rows in refitted.groupby(["method", "half"]):
        described = set(rows["id"])
        assert described <= set(catalogue.index[drawn[half]])
        # The broken file and the silent one are in the catalogue, and in no space.
        assert len(described) >= drawn[half].sum() - 2


def test_a_method_is_fitted_from_the_features_of_its_half_alone(computed, refitted):
    features = pd.read_parquet(computed.results / "features.parquet").set_index("id")
    rows = refitted[(refitted["method"] == "standard_ward") & (refitted["k"] == 3)]
    for _, half in rows.groupby("half"):
        x = StandardScaler().fit_transform(np.stack(features.loc[half["id"], "mfcc"]))
        expected = AgglomerativeClustering(3).fit_predict(x)
        assert adjusted_rand_score(expected, half["cluster"]) == 1


def test_baselines_are_cut_at_the_numbers_that_others_find(computed, refitted):
    cut = pd.read_parquet(computed.results / "clusterings/cut/baselines.parquet")
    found = pd.read_parquet(computed.results / "clusterings/dbscan_umap.parquet")
    number = found["cluster"].nunique()
    uncertainty = pd.read_parquet(computed.results / "uncertainty.parquet")
    row = uncertainty.set_index(["method", "k", "metric"]).loc[("dbscan_umap", 3, "nmi")]
    assert row["clusters"] == number
    if number not in (3, 6):
        rows = cut[(cut["method"] == "raw_kmeans") & (cut["k"] == number)]
        assert rows.groupby("seed")["cluster"].nunique().eq(number).all()
    wards = refitted[refitted["method"] == "standard_ward"].set_index(["half", "k"])["cluster"]
    for half, rows in refitted[refitted["method"] == "dbscan_umap"].groupby("half"):
        number = rows["cluster"].nunique()
        assert wards[half, number].nunique() == number


def test_beyond_the_limit_no_method_is_fitted_again(copied):
    copied.write_config(balance=False, statistics={"refit_up_to": 10})
    said = copied.succeed("results/tiny/tables/agreement.md")
    assert "more than statistics.refit_up_to, 10: no method is fitted again" in said
    text = (copied.results / "tables/agreement.md").read_text()
    assert "Not fitted again, so intervals are given these clusters and too narrow:" in text
    uncertainty = pd.read_parquet(copied.results / "uncertainty.parquet")
    assert set(uncertainty["refitted"]) == {"nothing"}
