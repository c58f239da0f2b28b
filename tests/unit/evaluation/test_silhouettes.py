"""Approximations beyond the number of tracks up to which everything is exact."""

import numpy as np
import pytest
from samples import near
from sklearn.metrics import adjusted_rand_score, silhouette_score

from hybridmusic import kinds
from hybridmusic.evaluation import scores, silhouettes

pytestmark = pytest.mark.numerical


@pytest.fixture
def blobs() -> tuple[np.ndarray, np.ndarray]:
    """Return 1,200 tracks in six clouds that hardly touch, and the cloud of each."""
    rng = np.random.default_rng(0)
    truth = np.arange(1200) % 6
    return rng.normal(size=(1200, 8)) + 8 * rng.normal(size=(6, 8))[truth], truth


@pytest.mark.parametrize("kind", ["kmeans", "ward", "spectral"])
def test_clusters_beyond_the_limit_are_nearly_those_below_it(kind, blobs):
    x, truth = blobs
    module = kinds.load("clusterers", kind)
    settings = kinds.settings("clusterers", kind, {})
    if hasattr(module, "GRAPH"):
        settings["graph"] = near(x)
    exact, beyond = (
        module.cluster(x, 6, 0, **settings | {"exact_up_to": limit}) for limit in (1200, 1199)
    )
    assert adjusted_rand_score(truth, exact) > 0.99
    assert adjusted_rand_score(exact, beyond) > 0.95
    np.testing.assert_array_equal(
        beyond, module.cluster(x, 6, 0, **settings | {"exact_up_to": 1199})
    )


def test_ward_joins_parts_that_no_neighbours_connect():
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.normal(size=(40, 2)), rng.normal(size=(40, 2)) + 1000])
    ward = kinds.load("clusterers", "ward")
    with pytest.warns(UserWarning, match="connected components"):
        found = ward.cluster(x, 2, 0, graph=near(x), neighbours=15, exact_up_to=79)
    assert adjusted_rand_score(found, np.arange(80) // 40) == 1


def test_the_silhouette_of_a_sample_is_within_its_error(blobs):
    x, truth = blobs
    x = x + np.random.default_rng(1).normal(scale=3, size=x.shape)
    whole, none = silhouettes.Silhouettes(x, 1200, 0).score(truth)
    assert whole == pytest.approx(silhouette_score(x, truth))
    assert none == 0
    found = np.array([silhouettes.Silhouettes(x, 300, seed).score(truth) for seed in range(100)])
    # 0.97 ± 0.01 of the samples over 8 collections.
    assert (np.abs(found[:, 0] - whole) < 2 * found[:, 1]).mean() > 0.9
    # A sample is a quarter of all tracks. With the correction for finite populations, the error is
    # 1.16 ± 0.07 times the spread of the samples.
    error = found[:, 1].mean() * np.sqrt(1 - 300 / 1200)
    assert error == pytest.approx(found[:, 0].std(), rel=0.5)


def test_scores_of_many_tracks_have_the_error_of_their_silhouette(blobs):
    x, truth = blobs
    exact = scores.internal_scores(x, truth, silhouettes.Silhouettes(x, 1200, 3))
    assert "silhouette_error" not in exact
    beyond = scores.internal_scores(x, truth, silhouettes.Silhouettes(x, 400, 3))
    assert beyond["silhouette"] == pytest.approx(exact["silhouette"], abs=0.05)
    assert 0 < beyond["silhouette_error"] < 0.05
    assert beyond["davies_bouldin"] == exact["davies_bouldin"]


def test_a_sample_is_all_tracks_or_as_many_as_allowed():
    np.testing.assert_array_equal(silhouettes.sample(5, 5, 0), range(5))
    chosen = silhouettes.sample(100, 10, 0)
    assert len(set(chosen)) == 10
    assert (np.diff(chosen) > 0).all()
    np.testing.assert_array_equal(chosen, silhouettes.sample(100, 10, 0))
