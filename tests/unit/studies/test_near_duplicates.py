"""Planted duplicates are found, and nothing else."""

import numpy as np
import pytest

from hybridmusic.studies.near_duplicates import duplicates


def groups(numbers: np.ndarray) -> list[list[int]]:
    """Return the tracks of each group of more than one."""
    members = [np.flatnonzero(numbers == number).tolist() for number in np.unique(numbers)]
    return sorted(tracks for tracks in members if len(tracks) > 1)


@pytest.fixture
def x():
    return np.random.default_rng(0).normal(size=(400, 10)).astype(np.float32)


def test_noise_has_no_near_duplicates(x):
    result = duplicates(x)
    assert groups(result.exact) == groups(result.near) == []
    far = np.linalg.norm(x[:, None] - x[None], axis=2) + 1e9 * np.eye(len(x))
    assert result.radius == pytest.approx(0.2 * np.median(far.min(axis=1)), rel=1e-4)


def test_planted_duplicates_are_found(x):
    x[7] = x[300]
    x[8] = x[301] + 1e-3
    x[9] = x[8] + 1e-3  # a chain
    x[10] = x[300] + 1e-3  # near two exact ones
    result = duplicates(x)
    assert groups(result.exact) == [[7, 300]]
    assert groups(result.near) == [[7, 10, 300], [8, 9, 301]]


def test_many_exact_duplicates_do_not_hide_near_ones(x):
    x[100:] = x[:100].repeat(3, axis=0)
    x[1] = x[0] + 1e-3
    result = duplicates(x)
    assert len(np.unique(result.exact)) == 101
    assert len(np.unique(result.near)) == 100


def test_one_point_is_one_group():
    result = duplicates(np.ones((5, 2)))
    assert result.exact.tolist() == result.near.tolist() == [0] * 5
    assert result.radius == 0
