"""Whether each latent of a space stands for one factor, where factors are known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import balanced_accuracy_score

from hybridmusic import contingency
from hybridmusic.held_out import split_songs
from hybridmusic.resampling import codes

BINS = 20  # Locatello et al. 2019
TREES = 100
HELD_OUT = 0.25  # share of songs


class Dci(NamedTuple):
    """Disentanglement, completeness and informativeness, 0..1 each."""

    disentanglement: float
    completeness: float
    informativeness: np.ndarray  # (factors,)
    importance: np.ndarray  # (latents, factors); the columns sum to 1


def discretise(x: np.ndarray, bins: int = BINS) -> np.ndarray:
    """Each column of `x` (tracks, d) as the number of its bin, (tracks, d) of 0..bins-1.

    Bins are equally wide from the column's smallest to its largest value.
    """
    low, high = x.min(axis=0), x.max(axis=0)
    width = np.where(high > low, high - low, 1)
    return np.minimum((x - low) / width * bins, bins - 1).astype(int)


def mutual_information_gap(x: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """MIG of each factor, (factors,), 0..1 (Chen et al. 2018).

    How much more the best latent of `x` (tracks, latents) tells of a factor than the second best,
    over the factor's entropy. `factors` is (tracks, factors), any labels; a continuous one goes
    through `discretise` first. Information is that of the counts, latents in twenty bins, as in
    Locatello et al. (2019); its bias, alike for all latents, cancels in the gap. NaN for a factor
    that does not vary.
    """
    latents = discretise(np.asarray(x, dtype=np.float64))
    gaps = []
    for factor in map(codes, np.asarray(factors).T):
        shape = (BINS, factor.max() + 1)
        tables = np.array([contingency.table(latent, factor, shape) for latent in latents.T])
        second, best = np.sort(np.append(contingency.mutual_information(tables), 0))[-2:]
        uncertainty = contingency.entropy(np.bincount(factor))
        gaps.append((best - second) / uncertainty if uncertainty > 0 else np.nan)
    return np.array(gaps)


def dci(x: np.ndarray, factors: np.ndarray, songs, rng: np.random.Generator) -> Dci:
    """Disentanglement, completeness and informativeness (Eastwood and Williams 2018).

    `x` is (tracks, latents), `factors` (tracks, factors) of any labels; continuous ones go
    through `discretise` first. A random forest reads each factor from all latents; the
    importances of the latents, weighed by their entropies, say whether a latent tells of one
    factor and a factor is told by one latent. Informativeness is balanced accuracy on a quarter
    of the songs, held out. Disentanglement is NaN for one factor alone, completeness for one
    latent; they mean little where informativeness is near one over the number of labels.
    """
    test = split_songs(list(songs), HELD_OUT, int(rng.integers(2**31)))
    importance, read = [], []
    for factor in map(codes, np.asarray(factors).T):
        # Every split chooses among all latents, or those that tell nothing would win some.
        forest = RandomForestClassifier(
            TREES, max_features=None, random_state=int(rng.integers(2**31))
        )
        forest.fit(x[~test], factor[~test])
        importance.append(forest.feature_importances_)
        read.append(balanced_accuracy_score(factor[test], forest.predict(x[test])))
    importance = np.array(importance).T
    return Dci(_concentration(importance), _concentration(importance.T), np.array(read), importance)


def _concentration(importance: np.ndarray) -> float:
    """Mean over rows of 1 - entropy, in units of its maximum; rows weigh by their sums."""
    used = importance[importance.sum(axis=1) > 0]
    if importance.shape[1] < 2 or not len(used):
        return float("nan")
    concentration = 1 - contingency.entropy(used) / np.log(importance.shape[1])
    return float(np.average(concentration, weights=used.sum(axis=1)))
