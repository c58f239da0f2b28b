"""Tuning: a grid of VAEs, scored on held-out songs (the paper's appendix)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from hybridmusic.clusterers import kmeans
from hybridmusic.evaluation.scores import external_scores
from hybridmusic.training import loop
from hybridmusic.training.held_out import squared_error

KIND = "vae"
# Draws from q(z | x) per track: enough for an error far below the spread of seeds.
SAMPLES = 16


def members(learning_rates: list[float], betas: list[float], seeds: list[int]) -> pd.DataFrame:
    """Return one row for each network of the grid: `learning_rate`, `beta` and `seed`."""
    rows = list(product(learning_rates, betas, seeds))
    return pd.DataFrame(rows, columns=["learning_rate", "beta", "seed"])


def standardised(x: np.ndarray, held_out: np.ndarray) -> np.ndarray:
    """Standardise `x` (seeds, tracks, features) by the tracks that are not `held_out`, float32."""
    seen = x[:, ~held_out].astype(np.float64)
    deviation = seen.std(axis=1, keepdims=True)
    # Rounding errors of a constant feature must not be scaled up.
    deviation[deviation < 1e-6] = 1
    return ((x - seen.mean(axis=1, keepdims=True)) / deviation).astype(np.float32)


def tune(
    grid: pd.DataFrame,
    x: np.ndarray,
    held_out: np.ndarray,
    genres: Sequence[str | None],
    settings: dict,
    k: int,
    device: str,
) -> pd.DataFrame:
    """Train all networks of a grid together without the held-out tracks, and score them on these.

    Parameters
    ----------
    grid : of `members`
    x : (members or 1, tracks, features)
    held_out : (tracks,) of bool
    genres : of the tracks; None is an unknown genre
    settings : of the kind of network, without beta and the learning rate
    k : number of clusters of K-Means, whose agreement with genre is measured

    Returns
    -------
    frame with a row for each row of `grid` and the columns of `tuning` in the table schemas
    """
    x = standardised(x, held_out)
    seeds = grid["seed"].to_list()
    settings = settings | {name: grid[name].to_list() for name in ("learning_rate", "beta")}
    network = loop.build(KIND, x.shape[-1], 0, seeds, settings)
    loop.train(network, x[:, ~held_out], _no_condition(~held_out), seeds, settings, device)
    unseen, condition = x[:, held_out], _no_condition(held_out)
    log_likelihood, kl = loop.evidence(network, unseen, condition, seeds[0], SAMPLES)
    encoded = loop.encode(network, unseen, condition)
    agreement = [
        _agreement(latent, np.asarray(genres, dtype=object)[held_out], k, seed)
        for latent, seed in zip(encoded.latent, seeds, strict=True)
    ]
    return grid.assign(
        latent=settings["latent"],
        n_tracks=int(held_out.sum()),
        n_features=x.shape[-1],
        elbo=log_likelihood - kl,
        log_likelihood=log_likelihood,
        kl=kl,
        reconstruction=squared_error(unseen, encoded.reconstruction),
        # The training tracks' mean is 0, so predicting it has this error.
        mean_prediction=np.broadcast_to((unseen**2).mean(axis=(1, 2)), len(grid)),
        active_units=encoded.active_units(),
        nmi=[scores["nmi"] for scores in agreement],
        ami=[scores["ami"] for scores in agreement],
    )


def _agreement(latent: np.ndarray, genres: np.ndarray, k: int, seed: int) -> dict[str, float]:
    """Return NMI and AMI of K-Means with genre; NaN without two genres or k tracks."""
    known = pd.notna(genres)
    if len(set(genres[known])) < 2 or len(latent) < k:
        return {"nmi": np.nan, "ami": np.nan}
    return external_scores(kmeans.cluster(latent, k, seed)[known], genres[known])


def _no_condition(tracks: np.ndarray) -> np.ndarray:
    """Return the condition of networks without one, for the chosen tracks."""
    return np.zeros((int(tracks.sum()), 0), dtype=np.float32)
