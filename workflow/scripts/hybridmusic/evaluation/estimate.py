"""Scores with their values on bootstrap resamples of songs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

LEVEL = 0.9  # of confidence intervals


@dataclass(frozen=True)
class Estimate:
    """A score and its values on bootstrap resamples of songs, (resamples,).

    Estimates on the same resamples are paired: their difference has an interval of its own.
    """

    value: float
    resampled: np.ndarray

    @classmethod
    def mean(cls, estimates: Iterable[Estimate]) -> Estimate:
        """Return the mean of estimates on the same resamples, such as those of several seeds."""
        value, *resampled = np.mean([(one.value, *one.resampled) for one in estimates], axis=0)
        return cls(float(value), np.array(resampled))

    def __sub__(self, other: Estimate) -> Estimate:
        """Return the paired difference from another estimate on the same resamples."""
        return Estimate(self.value - other.value, self.resampled - other.resampled)

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Return the confidence interval of the mean score of collections with as many songs.

        A resample repeats songs, and a repeated song agrees with itself, so agreement on resamples
        is higher than the collection's own; with few songs in many genres all of it is. Hence the
        percentiles are not of the resampled values but of their deviations from their mean.
        """
        tail = (1 - level) / 2
        deviations = self.resampled - np.mean(self.resampled)
        low, high = np.quantile(deviations, [tail, 1 - tail])
        return float(self.value + low), float(self.value + high)

    def columns(self, name: str = "") -> dict[str, float]:
        """Return value and interval as `<name>`, `<name>_low`, ..., or `value`, `low`, `high`."""
        names = (name, f"{name}_low", f"{name}_high") if name else ("value", "low", "high")
        return dict(zip(names, (self.value, *self.interval()), strict=True))
