"""Disentanglement: whether each latent of a space represents one known factor.

Factors go together, and tracks of an artist or song are alike. So no measure is 0 by chance, and
each stands next to its value for factors shuffled over these units.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from hybridmusic.evaluation import contingency
from hybridmusic.evaluation.resampling import against_chance, sample_units, swapped
from hybridmusic.training.held_out import split_units

BINS = 20  # Locatello et al. 2019
TREES = 10  # of each split, so 50 for a factor; 50 each raise informativeness by .02
FACTOR_BINS = 5  # fewer than for latents, because a bin of a factor needs enough tracks
LEAST = 10  # tracks of a class
LEFT_OUT = -1  # code of smaller classes
OCTAVES = ("tonic",)  # frequencies that are alike an octave apart
MOST_TRACKS = 1000  # to fit models to
SHUFFLES = 19  # p is at least .05
# A forest takes a thirtieth of a second or more for every factor, so few are grown.
SPLITS, FOREST_SHUFFLES = 5, 5
MEASURED, TRUE = "measured", "true"
HELD_OUT = 0.25  # share of units
FIELDS = ("seed", "metric", "factor", "value", "deviation", "chance", "chance_high", "p")


class Factor(NamedTuple):
    """A known factor of tracks, as classes and, if it is continuous, as numbers."""

    name: str
    labels: np.ndarray  # (tracks,) from 0, or LEFT_OUT
    values: np.ndarray | None  # (tracks, 1), or (tracks, 2) on a circle; None for categories


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

    `x` is (tracks, latents), and `factors` (tracks, factors) are codes from 0; tracks that are
    LEFT_OUT do not count. The gap is between the two latents with the most information on a factor,
    divided by the factor's entropy; NaN for a factor that does not vary. Information is estimated
    from counts, as in Locatello et al. (2019). Its bias is nearly the same for all latents.
    """
    latents = discretise(np.asarray(x, dtype=np.float64)).T
    gaps = []
    for factor in np.asarray(factors, dtype=int).T:
        tables = contingency.tables(latents, factor + 1, (BINS, factor.max() + 2))[..., 1:]
        uncertainty = contingency.entropy(tables[0].sum(axis=0))
        gap = _gap(contingency.mutual_information(tables))
        gaps.append(gap / uncertainty if uncertainty > 0 else np.nan)
    return np.array(gaps)


def separated_predictability(x: np.ndarray, factor: Factor) -> float:
    """Compute the separated attribute predictability of a factor, 0..1 (Kumar et al. 2018).

    It is the gap between the two latents, of `x` (tracks, latents), that each predict the factor
    best. A continuous factor is predicted by linear regression, and the score is R². On a circle R²
    is that of cosine and sine together. A category is predicted by thresholds on the latent, one
    fewer than there are classes, and the score is the balanced accuracy. Both scores are of the
    tracks that were fitted, as in the paper.
    """
    kept = factor.labels != LEFT_OUT
    if factor.values is not None:
        return _gap(_explained(x, factor.values))
    return _gap(_classified(x[kept], factor.labels[kept]))


def _gap(scores: np.ndarray) -> float:
    """Return the difference of the two largest scores (latents,), of which none is below 0."""
    second, best = np.sort(np.append(scores, 0))[-2:]
    return float(best - second)


def _explained(x: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return R² of a linear regression of `values` (tracks, d) on each latent, (latents,)."""
    x, values = (np.asarray(one, dtype=np.float64) for one in (x, values))
    x, values = x - x.mean(axis=0), values - values.mean(axis=0)
    lengths = (x**2).sum(axis=0)
    explained = ((x.T @ values) ** 2).sum(axis=1)
    most = lengths * (values**2).sum()
    return np.divide(explained, most, out=np.zeros(len(lengths)), where=most > 0)


def _classified(x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the balanced accuracy of thresholds on each latent, (latents,)."""
    from sklearn.tree import DecisionTreeClassifier

    classes, label = np.unique(labels, return_inverse=True)
    model = DecisionTreeClassifier(max_leaf_nodes=max(2, len(classes)), random_state=0)
    weights = (1 / (len(classes) * np.bincount(label)))[label]
    correct = []
    # Thousands of small trees spend half of their time on checks of the same arrays.
    for latent in np.asarray(x, dtype=np.float32).T[..., None].copy():
        model.fit(latent, label, sample_weight=weights, check_input=False)
        correct.append(model.predict(latent, check_input=False) == label)
    return np.array(correct) @ weights


def dci(x: np.ndarray, factors: np.ndarray, units, rng: np.random.Generator) -> Dci:
    """Compute disentanglement, completeness and informativeness (Eastwood and Williams 2018).

    A random forest predicts each factor, codes (tracks, factors), from all latents, `x` (tracks,
    latents); tracks that are LEFT_OUT do not count. Disentanglement is high if each latent is
    important for one factor, completeness if each factor has one important latent. Informativeness
    is balanced accuracy on held-out units of one random split. Disentanglement is NaN for a single
    factor, completeness for a single latent, and informativeness if no track counts in a part.
    """
    # Imported here, because jobs that only tabulate should not wait a second for it.
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import recall_score

    held_out = split_units(list(units), HELD_OUT, int(rng.integers(2**31)))
    importance, recall = [], []
    for factor in np.asarray(factors).T:
        counted = factor != LEFT_OUT
        train, test = counted & ~held_out, counted & held_out
        if not train.any() or not test.any():
            importance.append(np.zeros(x.shape[1]))
            recall.append(np.nan)
            continue
        # Every split chooses among all latents; otherwise uninformative ones would win some splits.
        forest = RandomForestClassifier(
            TREES, max_features=None, random_state=int(rng.integers(2**31))
        )
        forest.fit(x[train], factor[train])
        importance.append(forest.feature_importances_)
        # Balanced accuracy over the labels that occur among the held-out units.
        labels = np.unique(factor[test])
        predicted = forest.predict(x[test])
        recall.append(recall_score(factor[test], predicted, labels=labels, average="macro"))
    importance = np.array(importance).T
    scores = _concentration(importance), _concentration(importance.T)
    return Dci(*scores, np.array(recall), importance)


def known_factors(factors: pd.DataFrame) -> pd.DataFrame:
    """Leave out factors without any value, then tracks that lack a factor."""
    return factors.dropna(axis=1, how="all").dropna()


def as_factor(column: pd.Series, units) -> Factor | None:
    """Return a factor of tracks whose classes have LEAST tracks and two units each.

    `column` has the name of the factor and a value for each track, `units` (tracks,) their units.
    Fractions are cut into FACTOR_BINS classes of equally many tracks, or fewer for few tracks.
    Frequencies of OCTAVES are cut into arcs of the circle that an octave is. None if fewer than two
    classes are large enough.
    """
    labels, values = column.to_numpy(), None
    if pd.api.types.is_float_dtype(column):
        values = labels[:, None]
        if column.name in OCTAVES:
            labels = np.log2(labels) % 1
            values = np.column_stack([np.cos(2 * np.pi * labels), np.sin(2 * np.pi * labels)])
        bins = int(np.clip(len(labels) // LEAST, 2, FACTOR_BINS))
        labels = pd.qcut(labels, bins, labels=False, duplicates="drop")
    sizes = pd.Series(np.asarray(units)).groupby(labels).agg(["size", "nunique"])
    classes = sizes.index[(sizes["size"] >= LEAST) & (sizes["nunique"] > 1)]
    if len(classes) < 2:
        return None
    return Factor(str(column.name), classes.get_indexer(labels), values)


def measure(members: dict[int, np.ndarray], factors: pd.DataFrame, units, seed: int) -> list[tuple]:
    """Measure MIG, SAP and DCI of a space, and each for factors shuffled over units.

    MIG is of every seed and all tracks. SAP and DCI, which fit models, are of the first seed and of
    at most MOST_TRACKS tracks, sampled by unit. The chance level of MIG and SAP is of SHUFFLES
    shuffles. DCI is the mean of SPLITS random splits of the units, and its chance level is of
    FOREST_SHUFFLES shuffles with a split each.

    Parameters
    ----------
    members : (tracks, latents) by seed
    factors : of `known_factors`, in the rows of the members
    units : (tracks,)

    Returns
    -------
    Tuples of FIELDS. A row without a factor is the mean over factors, and one without a seed the
    mean over seeds. There are none if no factor has two classes that are large enough.
    """
    known = [one for one in (as_factor(factors[name], units) for name in factors) if one]
    if not known:
        return []
    units, random = np.asarray(units), np.random.default_rng(seed)
    labels, orders = _labels(known), _orders(units, random)
    gaps = [
        [mutual_information_gap(x, labels[order]) for order in orders] for x in members.values()
    ]
    rows = _gap_rows("mig", list(members), known, np.array(gaps))
    first, x = next(iter(members.items()))
    kept = np.flatnonzero(sample_units(units, MOST_TRACKS, random))
    x, units, known = x[kept], units[kept], [_in(one, kept) for one in known]
    gaps = [
        [separated_predictability(x, _in(one, order)) for one in known]
        for order in _orders(units, random)
    ]
    rows += _gap_rows("sap", [first], known, np.array([gaps]))
    return rows + _forest_rows(first, known, x, units, random)


def _labels(known: list[Factor]) -> np.ndarray:
    """Return the codes of factors side by side, (tracks, factors)."""
    return np.column_stack([one.labels for one in known])


def _orders(units: np.ndarray, random: np.random.Generator) -> list[np.ndarray]:
    """Return the rows as they are, and SHUFFLES orders in which units swap places."""
    return [np.arange(len(units)), *swapped(units, SHUFFLES, random)]


def _in(factor: Factor, order: np.ndarray) -> Factor:
    """Return a factor of some tracks, or of all in another order."""
    values = None if factor.values is None else factor.values[order]
    return Factor(factor.name, factor.labels[order], values)


def _gap_rows(metric: str, seeds: list[int], known: list[Factor], gaps: np.ndarray) -> list[tuple]:
    """Return rows of gaps (seeds, 1 + shuffles, factors), of which the first is not shuffled."""
    rows = []
    for seed, value, *shuffled in zip(seeds, *np.moveaxis(gaps, 1, 0), strict=True):
        chance = np.mean(shuffled, axis=0)
        rows += [
            (seed, metric, one.name, *pair, None, None)
            for one, *pair in zip(known, value, [None] * len(known), chance, strict=True)
        ]
    # Seeds share their shuffles, so that their means can be compared.
    value, *shuffled = np.nanmean(gaps, axis=(0, 2))
    deviation = float(np.std(np.nanmean(gaps[:, 0], axis=1), ddof=1)) if len(seeds) > 1 else None
    return [
        *rows,
        (None, metric, None, value, deviation, *against_chance(value, np.array(shuffled))),
    ]


def _forest_rows(
    seed: int,
    known: list[Factor],
    x: np.ndarray,
    units: np.ndarray,
    random: np.random.Generator,
) -> list[tuple]:
    """Return rows of DCI over repeated splits, with its mean over shuffles."""
    labels = _labels(known)
    splits = [dci(x, labels, units, random) for _ in range(SPLITS)]
    orders = swapped(units, FOREST_SHUFFLES, random)
    shuffled = [dci(x, labels[order], units, random) for order in orders]

    def row(metric: str, factor: str | None, score: Callable[[Dci], float]) -> tuple:
        # A split in which a score is not defined does not count.
        values, chance = (pd.Series(map(score, some)) for some in (splits, shuffled))
        return (seed, metric, factor, values.mean(), values.std(), chance.mean(), None, None)

    rows = [
        row("disentanglement", None, lambda one: one.disentanglement),
        row("completeness", None, lambda one: one.completeness),
        row("informativeness", None, lambda one: pd.Series(one.informativeness).mean()),
    ]
    for number, factor in enumerate(known):
        rows.append(
            row("informativeness", factor.name, lambda one, n=number: one.informativeness[n])
        )
    return rows


def _concentration(importance: np.ndarray) -> float:
    """Compute the mean over rows of 1 - entropy / its maximum, with the rows' sums as weights."""
    used = importance[importance.sum(axis=1) > 0]
    if importance.shape[1] < 2 or not len(used):
        return float("nan")
    concentration = 1 - contingency.entropy(used) / np.log(importance.shape[1])
    return float(np.average(concentration, weights=used.sum(axis=1)))
