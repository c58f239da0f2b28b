"""Estimates: intervals, means and paired differences."""

import numpy as np
import pytest
from scipy.stats import t

from hybridmusic.evaluation.estimate import Estimate, simultaneous


def test_an_interval_is_students_of_the_spread_of_resamples():
    resampled = np.random.default_rng(0).normal(10, 2, 40)
    low, high = Estimate(3, resampled).interval()
    margin = t.ppf(0.95, 39) * np.std(resampled, ddof=1)
    assert (low, high) == pytest.approx((3 - margin, 3 + margin))
    assert Estimate(0.1, resampled, (0, 1)).interval() == (0, 1)


@pytest.mark.parametrize("correlation", [0, 0.7])
def test_simultaneous_intervals_hold_together_at_the_nominal_rate(correlation):
    random, held = np.random.default_rng(1), []
    for trial in range(300):
        shared = random.normal(size=(41, 1)) * np.sqrt(correlation)
        drawn = shared + random.normal(size=(41, 20)) * np.sqrt(1 - correlation)
        estimates = [Estimate(values[0], values[1:]) for values in drawn.T]
        factor = simultaneous(estimates, trial)
        held.append(all(abs(one.value) <= factor * one.error for one in estimates))
    # 0.89 and 0.93 ± 0.02; with Student's factor of a single interval 0.12 and 0.47.
    assert 0.84 <= np.mean(held) <= 0.96


def test_estimates_without_a_spread_never_deviate():
    still = Estimate(1.0, np.ones(10))
    assert simultaneous([still], 0) == simultaneous([], 0) == 0
    varying = Estimate(1.0, np.arange(10.0))
    assert simultaneous([still, varying], 0) == simultaneous([varying], 0) > 1.5


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
    assert list(estimate.columns("nmi", 3.0))[3:] == ["nmi_low_all", "nmi_high_all"]
