"""Mixtures of Gaussians against their densities."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import adjusted_rand_score

from hybridmusic import kinds
from hybridmusic.clusterers import gmm, kmeans

pytestmark = pytest.mark.numerical


def test_a_mixture_separates_a_narrow_cluster_from_a_wide_one_around_it():
    draws = np.random.default_rng(0)
    x = np.concatenate([draws.normal(0, 0.1, (100, 6)), draws.normal(0, 3, (100, 6))])
    truth = np.repeat([0, 1], 100)
    settings = kinds.settings("clusterers", "gmm", {})
    found = gmm.cluster(x, 2, 0, **settings)
    assert adjusted_rand_score(truth, found) == pytest.approx(1)
    np.testing.assert_array_equal(found, gmm.cluster(x, 2, 0, **settings))
    # K-Means, which has no widths, cannot.
    assert adjusted_rand_score(truth, kmeans.cluster(x, 2, 0)) < 0.5


def test_a_diagonal_mixture_assigns_by_the_densities_of_its_components():
    draws = np.random.default_rng(1)
    x = np.concatenate([draws.normal(m, s, (150, 2)) for m, s in ((0, [1, 3]), (2.5, [2, 0.5]))])
    found = gmm.cluster(x, 2, 0, **kinds.settings("clusterers", "gmm", {}))
    # A fixed point of expectation maximisation: these clusters are nearly hard groups.
    density = np.stack(
        [
            norm(x[found == c].mean(axis=0), x[found == c].std(axis=0)).logpdf(x).sum(axis=1)
            + np.log((found == c).mean())
            for c in (0, 1)
        ]
    )
    assert (density.argmax(axis=0) == found).mean() > 0.95
