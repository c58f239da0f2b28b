"""Estimates: intervals, means and paired differences."""

import numpy as np
import pytest

from hybridmusic.evaluation.estimate import Estimate


def test_an_interval_is_of_deviations_from_their_mean():
    low, high = Estimate(3, np.linspace(10, 11, 101)).interval(level=0.8)
    assert (low, high) == pytest.approx((2.6, 3.4))


def test_means_and_differences_are_taken_resample_by_resample():
    one, other = Estimate(1.0, np.array([1.0, 3.0])), Estimate(0.5, np.array([0.0, 1.0]))
    mean = Estimate.mean(iter([one, other]))
    assert mean.value == 0.75
    assert mean.resampled.tolist() == [0.5, 2.0]
    difference = one - other
    assert difference.value == 0.5
    assert difference.resampled.tolist() == [1.0, 2.0]


def test_columns_are_named_after_the_estimate():
    estimate = Estimate(2.0, np.zeros(5))
    assert estimate.columns() == {"value": 2.0, "low": 2.0, "high": 2.0}
    assert list(estimate.columns("nmi")) == ["nmi", "nmi_low", "nmi_high"]
