"""Stability of clusterings whose agreement is known."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from hybridmusic.evaluation.stability import stability

pytestmark = pytest.mark.numerical

IDS = np.array([f"track {n}" for n in range(300)])


def test_names_of_clusters_do_not_matter():
    clusters = np.arange(300) % 3
    assert stability([(IDS, clusters), (IDS, 7 - clusters), (IDS, clusters)]) == pytest.approx(1)


def test_seeds_agree_by_the_mean_over_their_pairs():
    a, b, c = np.random.default_rng(0).integers(3, size=(3, 300))
    b = np.where(np.arange(300) < 200, a, b)
    pairs = [adjusted_rand_score(a, b), adjusted_rand_score(a, c), adjusted_rand_score(b, c)]
    assert stability([(IDS, a), (IDS, b), (IDS, c)]) == pytest.approx(np.mean(pairs))
    assert stability([(IDS, a), (IDS, c)]) == pytest.approx(0, abs=0.02)


def test_resamples_are_compared_on_the_tracks_of_both():
    rng = np.random.default_rng(1)
    clusters = rng.integers(4, size=300)
    drawn = [rng.integers(300, size=300) for _ in range(4)]
    assert stability([(IDS[one], clusters[one]) for one in drawn]) == pytest.approx(1)
    # They agree on the first hundred tracks, the only ones that both have.
    other = np.where(np.arange(300) < 100, clusters, rng.integers(4, size=300))
    assert stability([(IDS[:100], clusters[:100]), (IDS, other)]) == pytest.approx(1)


def test_nothing_to_compare_is_undefined():
    clusters = np.zeros(300, dtype=int)
    assert np.isnan(stability([(IDS, clusters)]))
    assert np.isnan(stability([(IDS[:100], clusters[:100]), (IDS[99:], clusters[99:])]))
