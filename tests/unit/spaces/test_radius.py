"""The radius that distances to neighbours suggest."""

import numpy as np
import pytest
from samples import near

from hybridmusic.spaces import radius

pytestmark = pytest.mark.numerical


def test_k_distance_is_the_knee():
    # Ninety points 1 apart in a chain and ten far away: the knee is at the chain's distance.
    x = np.concatenate([np.arange(90.0), 1000 + 100 * np.arange(10.0)])[:, None]
    assert radius.k_distance(near(x), 3) == pytest.approx(2, abs=1)
