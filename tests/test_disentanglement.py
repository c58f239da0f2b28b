"""Disentanglement of latents made from known factors."""

import numpy as np
import pytest

from hybridmusic.disentanglement import dci, discretise, mutual_information_gap

N = 1200
SONGS = np.repeat(np.arange(N // 3), 3)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def factors(rng):
    return rng.integers(4, size=(N, 3))


def test_bins_are_equally_wide():
    x = np.array([[0.0, 5], [0.49, 5], [0.51, 5], [1, 5]])
    assert discretise(x, 2).T.tolist() == [[0, 0, 1, 1], [0, 0, 0, 0]]


def test_one_latent_for_each_factor(rng, factors):
    x = factors + 0.01 * rng.normal(size=(N, 3))
    assert mutual_information_gap(x, factors) == pytest.approx([1, 1, 1], abs=0.02)
    found = dci(x, factors, SONGS, rng)
    assert found.disentanglement > 0.95
    assert found.completeness > 0.95
    assert found.informativeness == pytest.approx([1, 1, 1])
    assert found.importance.argmax(axis=0).tolist() == [0, 1, 2]
    assert found.importance.sum(axis=0) == pytest.approx([1, 1, 1])


def test_a_factor_over_two_latents_has_no_gap(rng, factors):
    turned = np.array([[1, 1, 0], [1, -1, 0], [0, 0, np.sqrt(2)]]) / np.sqrt(2)
    x = (factors - 1.5) @ turned
    found = mutual_information_gap(x, factors)
    assert found[:2] == pytest.approx([0, 0], abs=0.03)
    assert found[2] == pytest.approx(1, abs=0.02)
    scores = dci(x, factors, SONGS, rng)
    # Two of the latents tell of two factors each, evenly: 1 - ln 2 / ln 3; one of one alone.
    assert scores.disentanglement == pytest.approx(1 - 2 / 3 * np.log(2) / np.log(3), abs=0.05)
    assert scores.completeness == pytest.approx(1 - 2 / 3 * np.log(2) / np.log(3), abs=0.05)
    assert scores.informativeness == pytest.approx([1, 1, 1])


def test_a_factor_that_is_absent_or_constant(rng, factors):
    x = rng.normal(size=(N, 4))
    labels = np.column_stack([factors, np.zeros(N)])
    found = mutual_information_gap(x, labels)
    assert found[:3] == pytest.approx([0, 0, 0], abs=0.02)
    assert np.isnan(found[3])
    scores = dci(x, factors, SONGS, rng)
    assert scores.disentanglement < 0.05
    assert scores.informativeness == pytest.approx([0.25] * 3, abs=0.1)


def test_a_single_latent_has_the_gap_to_nothing(rng, factors):
    x = factors[:, :1].astype(float)
    assert mutual_information_gap(x, factors[:, :1]) == pytest.approx([1])
    found = dci(x, factors[:, :2], SONGS, rng)
    assert np.isnan(found.completeness)
    assert found.informativeness[0] == 1
