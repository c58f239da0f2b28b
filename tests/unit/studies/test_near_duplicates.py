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


def test_nothing_is_near_in_noise(x):
    found = duplicates(x)
    assert groups(found.exact) == groups(found.near) == []
    far = np.linalg.norm(x[:, None] - x[None], axis=2) + 1e9 * np.eye(len(x))
    assert found.radius == pytest.approx(0.2 * np.median(far.min(axis=1)), rel=1e-4)


def test_planted_duplicates_are_found(x):
    x[7] = x[300]
    x[8] = x[301] + 1e-3
    x[9] = x[8] + 1e-3  # a chain
    x[10] = x[300] + 1e-3  # near two exact ones
    found = duplicates(x)
    assert groups(found.exact) == [[7, 300]]
    assert groups(found.near) == [[7, 10, 300], [8, 9, 301]]


def test_many_exact_duplicates_do_not_hide_the_near(x):
    x[100:] = x[:100].repeat(3, axis=0)
    x[1] = x[0] + 1e-3
    found = duplicates(x)
    assert len(np.unique(found.exact)) == 101
    assert len(np.unique(found.near)) == 100


def test_one_point_is_one_group():
    found = duplicates(np.ones((5, 2)))
    assert found.exact.tolist() == found.near.tolist() == [0] * 5
    assert found.radius == 0
