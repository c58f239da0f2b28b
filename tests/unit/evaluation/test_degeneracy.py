"""Flags and measures of degenerate spaces and clusterings, and of sound ones."""

import numpy as np
import pytest

from hybridmusic.clusterings.table import coverage
from hybridmusic.evaluation.degeneracy import (
    FEW_ROWS,
    LINE,
    NOISE,
    ONE_CLUSTER,
    flags,
    space_degeneracy,
)

pytestmark = pytest.mark.numerical


@pytest.mark.parametrize("shape", [(50, 8), (8, 50)])
def test_effective_dimension_is_of_the_covariances_eigenvalues(shape):
    x = np.random.default_rng(0).normal(size=shape) * np.linspace(1, 5, shape[1])
    values = np.linalg.eigvalsh(np.cov(x.T))
    found = space_degeneracy(x.astype(np.float32))
    assert found["effective_dimension"] == pytest.approx(values.sum() ** 2 / (values**2).sum())
    assert found["distinct_share"] == 1


def test_spaces_of_known_dimension():
    rng = np.random.default_rng(1)
    assert space_degeneracy(rng.normal(size=(20_000, 5)))["effective_dimension"] == pytest.approx(
        5, rel=0.01
    )
    line = rng.normal(size=(100, 1)) @ rng.normal(size=(1, 7))
    assert space_degeneracy(line)["effective_dimension"] == pytest.approx(1)
    point = np.full((10, 3), 0.1)
    assert space_degeneracy(point) == {"distinct_share": 0.1, "effective_dimension": 0}
    three = np.repeat(np.eye(3), 20, axis=0)
    assert space_degeneracy(three) == pytest.approx(
        {"distinct_share": 3 / 60, "effective_dimension": 2}
    )


def test_collapsed_and_noisy_clusterings():
    def flags_of(*sizes):
        return flags(coverage(np.repeat([-1, 0, 1], sizes)))

    assert flags_of(0, 50, 50) == []
    assert flags_of(0, 91, 9) == [ONE_CLUSTER]
    assert flags_of(0, 90, 10) == []
    assert flags_of(51, 40, 9) == [NOISE]
    assert flags_of(50, 41, 9) == []
    assert flags_of(100, 0, 0) == [NOISE]


def test_a_map_is_a_line_only_where_it_has_hardly_any_width():
    assert flags({"dimensions": 2, "effective_dimension": 1.2}) == []
    assert flags({"dimensions": 2, "effective_dimension": 1.05}) == [LINE]
    assert flags({"dimensions": 16, "effective_dimension": 1.2}) == [LINE]
    assert flags({"distinct_share": 0.4, "noise_share": 0.6, "largest_share": np.nan}) == [
        FEW_ROWS,
        NOISE,
    ]
