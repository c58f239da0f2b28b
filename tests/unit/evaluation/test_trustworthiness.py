"""Trustworthiness of maps, against scikit-learn and by hand."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

from hybridmusic.evaluation import trustworthiness as trust


def made(n=60, d=6, seed=0):
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, d))
    return x, x[:, :2] + random.normal(size=(n, 2)) * 0.3


@pytest.mark.parametrize("k", [1, 5, 8])
def test_mean_trust_is_scikit_learns_trustworthiness(k):
    x, y = made()
    found = trust.surroundings(x, y, k)
    assert found.trust.mean() == pytest.approx(trustworthiness(x, y, n_neighbors=k))
    near = NearestNeighbors(n_neighbors=k).fit(x).kneighbors(return_distance=False)
    np.testing.assert_array_equal(found.nearest, near)


def test_trust_of_a_track_is_what_its_own_neighbours_cost():
    x, y = made(20)
    n, k = 20, 3
    order = np.argsort(cdist(x, x), axis=1)[:, 1:].tolist()
    for track, found in enumerate(trust.surroundings(x, y, k).trust):
        on_map = np.argsort(cdist(y, y)[track])[1 : k + 1]
        cost = sum(max(0, order[track].index(other) + 1 - k) for other in on_map)
        assert found == pytest.approx(1 - cost / (k * (2 * n - 3 * k - 1) / 2))


def test_blocks_change_nothing(monkeypatch):
    x, y = made()
    whole = trust.surroundings(x, y)
    monkeypatch.setattr(trust, "BLOCK", 500)
    blocks = trust.surroundings(x, y)
    np.testing.assert_array_equal(blocks.nearest, whole.nearest)
    np.testing.assert_array_equal(blocks.trust, whole.trust)


def test_a_map_that_is_the_space_is_trusted_and_one_upside_down_is_not():
    _, y = made()
    assert (trust.surroundings(y * 7 + 3, y).trust == 1).all()
    line = np.arange(40.0)
    # Neighbours on this map are as far apart as possible: 0 next to 39, 1 next to 38.
    folded = np.column_stack([np.minimum(line, 39 - line), np.zeros(40)])
    assert trust.surroundings(line[:, None], folded, 2).trust[0] < 0.6


def test_equal_tracks_share_the_best_place():
    # Any of 30 equal rows may be nearest on a map.
    x = np.concatenate([np.full((30, 50), 0.1), np.random.default_rng(0).normal(size=(10, 50))])
    y = np.random.default_rng(1).normal(size=(40, 2))
    y[30:] += 100
    assert (trust.surroundings(x, y).trust[:30] == 1).all()


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_few_tracks_have_fewer_neighbours(n):
    found = trust.surroundings(*made(n))
    assert found.nearest.shape == (n, (n - 1) // 2)
    assert np.isnan(found.trust).all() == (n < 3)
