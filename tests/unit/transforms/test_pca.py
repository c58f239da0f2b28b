"""Principal components against a singular value decomposition."""

import numpy as np
import pytest

from hybridmusic.transforms import pca

pytestmark = pytest.mark.numerical


def test_pca_keeps_the_given_share_of_variance_and_no_more():
    x = np.random.default_rng(0).normal(size=(200, 10)) @ np.diag([10, 5, 3, 1, *[0.1] * 6])
    found = pca.transform(x, 0, variance=0.95)
    singular = np.linalg.svd(x - x.mean(axis=0), compute_uv=False)
    share = np.cumsum(singular**2) / np.sum(singular**2)
    assert found.shape[1] == np.argmax(share >= 0.95) + 1
    kept = found.var(axis=0).sum() / x.var(axis=0).sum()
    assert kept == pytest.approx(share[found.shape[1] - 1])
