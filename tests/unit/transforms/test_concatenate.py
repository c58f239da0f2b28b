"""Spaces are joined in order."""

import numpy as np
import pytest

from hybridmusic.transforms import concatenate

pytestmark = pytest.mark.numerical


def test_concatenate_keeps_the_order_of_blocks():
    a, b = np.zeros((3, 2)), np.ones((3, 4))
    np.testing.assert_array_equal(concatenate.transform([a, b], 0)[0], [0, 0, 1, 1, 1, 1])
