"""Scores with their values on resamples of songs, and confidence intervals from these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

LEVEL = 0.9  # of confidence intervals
DRAWS = 10_000  # of the largest deviation, for simultaneous intervals
UNBOUNDED = -np.inf, np.inf


@dataclass(frozen=True)
class Estimate:
    """A score and its values on resamples of songs, (resamples,).

    Resamples are bootstrap resamples, or splits into halves on which everything was fitted again
    (see `halves`). Estimates on the same resamples are paired: their difference has an interval of
    its own.

    Parameters
    ----------
    value : of the whole collection
    resampled : values of the resamples, or their deviations from the value
    bounds : least and greatest possible value
    """

    value: float
    resampled: np.ndarray
    bounds: tuple[float, float] = UNBOUNDED

    @classmethod
    def mean(cls, estimates: Iterable[Estimate]) -> Estimate:
        """Return the mean of estimates on the same resamples, such as those of several seeds."""
        estimates = list(estimates)
        value, *resampled = np.mean([(one.value, *one.resampled) for one in estimates], axis=0)
        return cls(float(value), np.array(resampled), estimates[0].bounds)

    def __sub__(self, other: Estimate) -> Estimate:
        """Return the paired difference from another estimate on the same resamples."""
        return Estimate(self.value - other.value, self.resampled - other.resampled)

    @property
    def error(self) -> float:
        """The standard error: the standard deviation over resamples."""
        return float(np.std(self.resampled, ddof=1))

    def interval(self, factor: float | None = None) -> tuple[float, float]:
        """Return the confidence interval of the score of collections of the same kind and size.

        It is the value and `factor` standard errors to both sides, by default those of Student's
        t at LEVEL, within the bounds of the score. Values on resamples serve for their spread
        alone: a bootstrap resample repeats songs, which agree with themselves, so their mean is
        biased (Shao and Tu 1995, chapter 2).
        """
        if factor is None:
            factor = float(stdtrit(len(self.resampled) - 1, (1 + LEVEL) / 2))
        ends = self.value - factor * self.error, self.value + factor * self.error
        low, high = np.clip(ends, *self.bounds)
        return float(low), float(high)

    def columns(self, name: str = "", factor: float | None = None) -> dict[str, float]:
        """Return value and interval as `<name>`, `<name>_low`, ..., or `value`, `low`, `high`.

        With a `factor` also the interval of so many standard errors, `<name>_low_all`, ...
        """
        prefix = f"{name}_" if name else ""
        columns = {name or "value": self.value}
        for ending, each in (("", None), ("_all", factor)):
            if not ending or factor is not None:
                low, high = self.interval(each)
                columns |= {f"{prefix}low{ending}": low, f"{prefix}high{ending}": high}
        return columns


def simultaneous(estimates: Sequence[Estimate], seed: int) -> float:
    """Return the number of standard errors within which all estimates are together, at LEVEL.

    The largest of their standardised deviations is drawn by Gaussian weights of the resamples,
    which keep its correlations (multiplier bootstrap: Chernozhukov, Chetverikov and Kato 2013),
    over the root of a chi-squared of each, as in Student's t. Estimates without a spread never
    deviate.
    """
    varying = [one for one in estimates if one.error > 0]
    if not varying:
        return 0.0
    random, n = np.random.default_rng(seed), len(varying[0].resampled)
    deviations = np.array([(one.resampled - one.resampled.mean()) / one.error for one in varying])
    weights = random.normal(size=(DRAWS, n))
    drawn = (weights - weights.mean(axis=1, keepdims=True)) @ deviations.T / np.sqrt(n - 1)
    drawn /= np.sqrt(random.chisquare(n - 1, size=drawn.shape) / (n - 1))
    return float(np.quantile(np.abs(drawn).max(axis=1), LEVEL))
