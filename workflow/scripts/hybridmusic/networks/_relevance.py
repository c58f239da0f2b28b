"""Weigh modalities by what they predict on held-out artists or songs.

R_mk is the share of the variance of modality k that ridge regression on modality m predicts for
artists or songs outside its fit, or 0 if it predicts none (Hoerl and Kennard 1970; Stone 1974).
Variance and penalty are totals over all columns. So R does not depend on scale, rotation or number
of columns: a modality with every column twice has the same R.

R_mm is the share of one half of a modality that its other half predicts. The halves are random
directions among its principal components, because a copied column would predict its copy. The
regression is on other artists or songs again, so this is the bi-cross-validation of Owen and Perry
(2009). A modality of independent noise of equal variance has R_mm = R_mk = R_km = 0.

The weights w solve R w = r w for the largest eigenvalue r: a modality counts if it predicts
modalities that count. This is eigenvector centrality (Bonacich 1972). The weights are not negative,
and unique if all modalities are related (theorem of Perron and Frobenius). As the relation of two
modalities goes to 0, the one with the larger R_mm gets all the weight.

Two unrelated modalities are alike: if one has the features of other tracks, nothing shows which.
So the first modality is the reference, and R_mm of the others counts a third. An unrelated modality
then has no weight, unless its R_mm is more than three times that of the reference.
"""

from __future__ import annotations

import numpy as np
from sklearn.model_selection import GroupKFold

FOLDS = 5
# The best of these penalties counts. They are shares of a modality's variance.
PENALTIES = np.logspace(-6, 1, 15)
# By this factor R_mm counts for modalities after the first. At 0 they would lose to a reference of
# noise, whose estimated R_mm is up to 0.01 with 200 tracks.
OTHERS = 1 / 3


def weights(modalities: list[np.ndarray], units: np.ndarray) -> np.ndarray:
    """Return the weights w, which sum to 1, for R of the same arguments; equal ones if R is 0."""
    shares = predicted_shares(modalities, units)
    shares[np.diag_indices(len(shares))] *= [1, *[OTHERS] * (len(shares) - 1)]
    if not shares.any():
        return np.full(len(shares), 1 / len(shares))
    values, vectors = np.linalg.eig(shares)
    leading = np.abs(vectors[:, values.real.argmax()])
    return leading / leading.sum()


def predicted_shares(modalities: list[np.ndarray], units: np.ndarray) -> np.ndarray:
    """Return R, (modalities, modalities), whose rows predict its columns.

    Parameters
    ----------
    modalities : features (tracks, d) of each
    units : of each track, (tracks,)
    """
    parts = [_components(x) for x in modalities]
    shares = [
        [_share_of_itself(x, units) if x is y else _predicted_share(x, y, units) for y in parts]
        for x in parts
    ]
    return np.array(shares)


def _components(x: np.ndarray) -> np.ndarray:
    """Return scores on the principal components, with a total variance of 1."""
    centred = x - x.mean(axis=0)
    variances, directions = np.linalg.eigh(centred.T @ centred)
    scores = centred @ directions[:, variances > 1e-9 * variances.max()]
    return scores / np.sqrt(np.square(scores).sum() / len(x))


def _share_of_itself(x: np.ndarray, units: np.ndarray) -> float:
    """Return the share of each half of `x` that the other predicts, the mean of both."""
    normal = np.random.default_rng(0).normal(size=(x.shape[1], x.shape[1]))
    halves = np.array_split(x @ np.linalg.qr(normal)[0], 2, axis=1)
    return np.mean([_predicted_share(*pair, units) for pair in (halves, halves[::-1])])


def _predicted_share(x: np.ndarray, y: np.ndarray, units: np.ndarray) -> float:
    """Return the share of the variance of `y` that `x` predicts for held-out units."""
    if 0 in (x.shape[1], y.shape[1]) or len(np.unique(units)) < FOLDS:
        return 0.0
    variance, errors = 0.0, np.zeros(len(PENALTIES))
    for fit, held_out in GroupKFold(FOLDS).split(x, groups=units):
        x_mean, y_mean = x[fit].mean(axis=0), y[fit].mean(axis=0)
        inputs, rest = x[fit] - x_mean, y[held_out] - y_mean
        squares, directions = np.linalg.eigh(inputs.T @ inputs)
        slopes = directions.T @ inputs.T @ (y[fit] - y_mean)
        scores = (x[held_out] - x_mean) @ directions
        for i, penalty in enumerate(PENALTIES * squares.sum()):
            errors[i] += np.square(rest - scores / (squares + penalty) @ slopes).sum()
        variance += np.square(rest).sum()
    return max(0.0, 1 - errors.min() / variance)
