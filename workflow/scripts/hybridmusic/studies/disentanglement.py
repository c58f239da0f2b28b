"""Disentanglement: whether each latent of a space represents one known factor."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from hybridmusic.evaluation import contingency
from hybridmusic.evaluation.resampling import codes
from hybridmusic.training.held_out import split_songs

BINS = 20  # Locatello et al. 2019
TREES = 50
FACTOR_BINS = 5  # fewer than for latents, because a bin of a factor needs enough tracks
MOST_TRACKS = 1000  # to train and test a forest on
MEASURED, TRUE = "measured", "true"
HELD_OUT = 0.25  # share of songs


class Dci(NamedTuple):
    """Disentanglement, completeness and informativeness, 0..1 each."""

    disentanglement: float
    completeness: float
    informativeness: np.ndarray  # (factors,)
    importance: np.ndarray  # (latents, factors); the columns sum to 1


def discretise(x: np.ndarray, bins: int = BINS) -> np.ndarray:
    """Cut each column of `x` (tracks, d) into equally wide `bins`, from minimum to maximum."""
    low, high = x.min(axis=0), x.max(axis=0)
    width = np.where(high > low, high - low, 1)
    return np.minimum((x - low) / width * bins, bins - 1).astype(int)


def mutual_information_gap(x: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Compute the mutual information gap of each factor, 0..1 (Chen et al. 2018).

    `x` is (tracks, latents), and `factors` (tracks, factors) are labels; `discretise` continuous
    ones first. The gap is between the two latents with the most information on a factor, divided by
    the factor's entropy; NaN for a factor that does not vary. Information is estimated from counts,
    as in Locatello et al. (2019). Its bias is the same for all latents and cancels in the gap.
    """
    latents = discretise(np.asarray(x, dtype=np.float64))
    gaps = []
    for factor in map(codes, np.asarray(factors).T):
        shape = (BINS, factor.max() + 1)
        tables = contingency.tables(latents.T, factor, shape)
        second, best = np.sort(np.append(contingency.mutual_information(tables), 0))[-2:]
        uncertainty = contingency.entropy(np.bincount(factor))
        gaps.append((best - second) / uncertainty if uncertainty > 0 else np.nan)
    return np.array(gaps)


def dci(x: np.ndarray, factors: np.ndarray, songs, rng: np.random.Generator) -> Dci:
    """Compute disentanglement, completeness and informativeness (Eastwood and Williams 2018).

    A random forest predicts each factor, a label (tracks, factors), from all latents, `x` (tracks,
    latents). Disentanglement is high if each latent is important for one factor, completeness if
    each factor has one important latent. Informativeness is balanced accuracy on held-out songs;
    near one over the number of labels the other two mean little. Disentanglement is NaN for a
    single factor, completeness for a single latent.
    """
    # Imported here, because jobs that only tabulate should not wait a second for it.
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import recall_score

    test = split_songs(list(songs), HELD_OUT, int(rng.integers(2**31)))
    importance, recall = [], []
    for factor in map(codes, np.asarray(factors).T):
        # Every split chooses among all latents; otherwise uninformative ones would win some splits.
        forest = RandomForestClassifier(
            TREES, max_features=None, random_state=int(rng.integers(2**31))
        )
        forest.fit(x[~test], factor[~test])
        importance.append(forest.feature_importances_)
        # Balanced accuracy over the labels that occur among the held-out songs.
        labels = np.unique(factor[test])
        predicted = forest.predict(x[test])
        recall.append(recall_score(factor[test], predicted, labels=labels, average="macro"))
    importance = np.array(importance).T
    scores = _concentration(importance), _concentration(importance.T)
    return Dci(*scores, np.array(recall), importance)


def as_labels(factors: pd.DataFrame) -> pd.DataFrame:
    """Turn factors of tracks into labels, with fractions cut into bins.

    Factors without any value are left out first, then tracks that lack a factor, then factors that
    do not vary.
    """
    known = factors.dropna(axis=1, how="all").dropna()
    binned = {
        name: discretise(known[[name]].to_numpy(), FACTOR_BINS)[:, 0]
        for name in known.select_dtypes("floating")
    }
    labels = known.assign(**binned)
    return labels.loc[:, labels.nunique() > 1]


def measure(
    members: dict[int, np.ndarray], factors: pd.DataFrame, songs, seed: int
) -> list[tuple[int, str, str | None, float]]:
    """Measure MIG and DCI of a space, as (seed, metric, factor, value).

    `members` are (tracks, latents) by seed; `factors`, of `as_labels`, and `songs` have their
    tracks. MIG is of every seed and all tracks. DCI, whose forests take seconds for every factor,
    is of the first seed and of at most MOST_TRACKS tracks, sampled by song. `chance` is the
    informativeness of guessing, one over the number of labels.
    """
    labels = np.column_stack([codes(factors[name]) for name in factors])
    rows = [
        (one, "mig", name, value)
        for one, x in members.items()
        for name, value in zip(factors, mutual_information_gap(x, labels), strict=True)
    ]
    first, x = next(iter(members.items()))
    random = np.random.default_rng(seed)
    song = codes(songs)
    # Songs in a random order, as long as they have no more than MOST_TRACKS tracks together.
    order = random.permutation(song.max() + 1)
    drawn = order[np.cumsum(np.bincount(song)[order]) <= MOST_TRACKS]
    kept = np.isin(song, drawn)
    scores = dci(x[kept], labels[kept], song[kept], random)
    rows.append((first, "disentanglement", None, scores.disentanglement))
    rows.append((first, "completeness", None, scores.completeness))
    for name, value in zip(factors, scores.informativeness, strict=True):
        rows.append((first, "informativeness", name, value))
        rows.append((first, "chance", name, 1 / factors[name].nunique()))
    return rows


def _concentration(importance: np.ndarray) -> float:
    """Compute the mean over rows of 1 - entropy / its maximum, with the rows' sums as weights."""
    used = importance[importance.sum(axis=1) > 0]
    if importance.shape[1] < 2 or not len(used):
        return float("nan")
    concentration = 1 - contingency.entropy(used) / np.log(importance.shape[1])
    return float(np.average(concentration, weights=used.sum(axis=1)))
