"""Scaling of new tracks like those of a run."""

import numpy as np
import pytest
from scipy.stats import norm, rankdata

from hybridmusic import kinds
from hybridmusic.spaces import scaling
from hybridmusic.spaces.scaling import standardise

pytestmark = pytest.mark.numerical


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
    module = kinds.load("transforms", kind)
    old, new = normal(60, 3), normal(8, 3, seed=1)
    languages = np.repeat(["a", "b"], 30), np.array(["a", "b", "c", "b"] * 2)
    scale = getattr(scaling, kind)
    found = module.place(old, new, language=languages, by="language")
    np.testing.assert_array_equal(found[languages[1] == "b"], scale(new[[1, 3, 5, 7]], old[30:]))
    np.testing.assert_array_equal(found[[2, 6]], scale(new[[2, 6]], old))
    assert "'c' does not occur in the run" in caplog.text
    np.testing.assert_array_equal(
        module.place(old, new, language=languages, by="none"), scale(new, old)
    )


def test_standardise_by_hand():
    x = np.array([[1.0, 5.0, 0.0], [3.0, 5.0, 1e-3], [5.0, 5.0, 2e-3]])
    expected = (x - x.mean(axis=0)) / np.where(x.std(axis=0) > 0, x.std(axis=0), 1)
    found = standardise(x)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert (found[:, 1] == 0).all()


def test_quantile_normal_of_many_tracks_draws_none_at_random():
    x = np.random.default_rng(0).normal(size=(12_000, 1))
    found = scaling.quantile_normal(x)
    np.testing.assert_array_equal(found, scaling.quantile_normal(x))
    # A thousand quantiles stand for all ranks: exact enough but for the last few tracks.
    expected = norm.ppf((rankdata(x, axis=0) - 1) / 11_999)
    inner = np.abs(expected) < 2
    np.testing.assert_allclose(found[inner], expected[inner], atol=0.01)


def test_what_does_not_vary_weighs_nothing():
    groups = [np.array([[1.0, 0], [-1, 0]]), np.zeros((2, 3)), np.array([[3.0], [-3]])]
    found = scaling.weighted_equally(groups)
    np.testing.assert_allclose(found[0], [5**0.5, 0, 0, 0, 0, 5**0.5], rtol=1e-6)
    assert (scaling.weighted_equally([np.zeros((2, 3))]) == 0).all()
    # The mean of seven times 0.1 is not 0.1, so their variance is not 0.
    rounded = np.full((7, 1), 0.1)
    assert rounded.var() > 0
    assert (scaling.weighted_equally([rounded, normal(7, 1)])[:, 0] == 0).all()
