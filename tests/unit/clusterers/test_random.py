"""Baselines are independent of the tracks."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from hybridmusic.clusterers import majority, random

pytestmark = pytest.mark.numerical


def test_baselines_do_not_depend_on_the_tracks():
    x = np.random.default_rng(0).normal(size=(4000, 3))
    assert (majority.cluster(x, None, 0) == 0).all()
    found = random.cluster(x, 8, 3)
    assert np.bincount(found) == pytest.approx(np.full(8, 500), abs=100)
    np.testing.assert_array_equal(found, random.cluster(x.copy(), 8, 3))
    for other in (random.cluster(x, 8, 4), random.cluster(-x, 8, 3)):
        assert adjusted_rand_score(found, other) == pytest.approx(0, abs=0.01)
    half = np.sign(x[:, 0])
    assert adjusted_rand_score(half, found) == pytest.approx(0, abs=0.01)
