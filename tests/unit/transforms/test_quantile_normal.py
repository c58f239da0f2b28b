"""Quantiles against SciPy, and scaling by language."""

import numpy as np
import pytest
from scipy.stats import norm, rankdata

from hybridmusic import kinds
from hybridmusic.spaces import scaling
from hybridmusic.transforms import quantile_normal

pytestmark = pytest.mark.numerical


def test_quantile_normal_is_the_normal_quantile_of_the_rank():
    x = np.random.default_rng(0).lognormal(size=(101, 3))
    found = quantile_normal.transform(x, 0, language=np.full(101, "a"), by="none")
    expected = np.clip(norm.ppf((rankdata(x, axis=0) - 1) / 100), -3, 3)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    # Only order counts, and a constant column has no information.
    np.testing.assert_allclose(scaling.quantile_normal(np.log(x)), found, atol=1e-4)
    assert (scaling.quantile_normal(np.full((9, 2), 7.0)) == 0).all()


@pytest.mark.parametrize("kind", ["standardise", "quantile_normal"])
def test_scaling_by_language_removes_what_sets_a_language_apart(kind, caplog):
    transform = kinds.load("transforms", kind).transform
    x = np.random.default_rng(0).normal(size=(41, 4))
    language = np.array(["a"] * 20 + ["b"] * 20 + ["c"])
    moved = np.where((language == "a")[:, None], 10 + 3 * x, x)
    found = transform(moved, 0, language=language, by="language")
    np.testing.assert_allclose(found, transform(x, 0, language=language, by="language"), atol=1e-4)
    for name in "ab":
        rows = language == name
        alone = transform(x[rows], 0, language=language[rows], by="none")
        np.testing.assert_allclose(found[rows], alone, atol=1e-4)
    assert (found[-1] == 0).all()
    assert "c has a single track" in caplog.text
    together = transform(moved, 0, language=language, by="none")
    assert np.abs(together[:20].mean(axis=0) - together[20:].mean(axis=0)).min() > 1
