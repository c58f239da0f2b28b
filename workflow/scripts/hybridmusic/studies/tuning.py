"""Tuning: a grid of VAEs, scored on held-out songs (the paper's appendix)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import product

import numpy as np
import pandas as pd
from torch import nn

from hybridmusic.clusterers import kmeans
from hybridmusic.evaluation.scores import external_scores
from hybridmusic.training import loop
from hybridmusic.training.held_out import squared_error
from hybridmusic.training.stopping import EarlyStopping, copied

KIND = "vae"
# Draws from q(z | x) per track: enough for an error far below the spread of seeds.
SAMPLES = 16
# Draws from q(z | x) per track after every epoch. They are the same in each, so that the epochs
# compare without the noise of draws.
STOPPING_SAMPLES = 4
# A network has reached its plateau once it has not improved for so many epochs. On the demo, a
# posterior that collapses at first comes back after up to 100 epochs: with a patience of 30 or 50,
# a few of 54 networks stop there, 20 nats below the others; with 100, none does.
PATIENCE = 100


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
    plateau: tuple[np.ndarray, int] | None = None,
) -> pd.DataFrame:
    """Train all networks of a grid together without the held-out tracks, and score them on these.

    With a `plateau`, training goes on after the epochs of the settings until every network has
    stopped improving on held-out tracks. Tracks that decide when to stop are not scored: each half
    of the held-out tracks is scored with the networks that were stopped by the other half.

    Parameters
    ----------
    grid : of `members`
    x : (members or 1, tracks, features)
    held_out : (tracks,) of bool
    genres : of the tracks; None is an unknown genre
    settings : of the kind of network, without beta and the learning rate
    k : number of clusters of K-Means, whose agreement with genre is measured
    device : of torch
    plateau : the held-out tracks of the first half, (held-out tracks,) of bool, with no song in
        both, and the largest number of epochs

    Returns
    -------
    frame with a row for each row of `grid` and the columns of `tuning` in the table schemas
    """
    x = standardised(x, held_out)
    seeds = grid["seed"].to_list()
    settings = settings | {name: grid[name].to_list() for name in ("learning_rate", "beta")}
    network = loop.build(KIND, x.shape[-1], 0, seeds, settings)
    unseen, condition = x[:, held_out], _no_condition(held_out)
    at_plateau = {"plateau_elbo": np.nan, "plateau_epochs": np.nan, "plateau_reached": None}
    training = (x[:, ~held_out], _no_condition(~held_out), seeds, settings, device)
    if plateau is None:
        loop.train(network, *training)
    else:
        at_plateau = _train_to_plateau(network, training, unseen, *plateau)
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
        **at_plateau,
    )


def _train_to_plateau(
    network: nn.Module, training: tuple, unseen: np.ndarray, half: np.ndarray, most: int
) -> dict[str, np.ndarray]:
    """Train for the epochs of the settings, then on to a plateau; score the latter.

    The network is left as it was after the epochs of the settings. Returns the columns of the
    plateau, (members,): the ELBO, the mean over halves of the best epochs, and whether both halves
    had stopped before the last epoch.
    """
    x, condition, seeds, settings, device = training
    halves = [unseen[:, half], unseen[:, ~half]]
    beta, paper = np.array(settings["beta"]), {}

    def evidence(tracks: np.ndarray, samples: int) -> tuple[np.ndarray, np.ndarray]:
        no_condition = np.zeros((tracks.shape[1], 0))
        return loop.evidence(network, tracks, no_condition, seeds[0], samples)

    def objective(tracks: np.ndarray) -> np.ndarray:
        """Return what training with beta maximises: the ELBO for variance beta / 2, scaled."""
        log_likelihood, kl = evidence(tracks, STOPPING_SAMPLES)
        return log_likelihood - beta * kl

    watches = [EarlyStopping(network, partial(objective, tracks), PATIENCE) for tracks in halves]

    def after_epoch(epoch: int) -> bool:
        if epoch == settings["epochs"]:
            paper.update(copied(network))
        ended = [watch(epoch) for watch in watches]
        return all(ended) and epoch >= settings["epochs"]

    loop.train(
        network, x, condition, seeds, settings | {"epochs": most}, device, after_epoch=after_epoch
    )
    elbo = np.zeros(len(seeds))
    for tracks, other in zip(halves, reversed(watches), strict=True):
        network.load_state_dict(other.weights)
        log_likelihood, kl = evidence(tracks, SAMPLES)
        elbo += (log_likelihood - kl) * tracks.shape[1] / unseen.shape[1]
    network.load_state_dict(paper)
    return {
        "plateau_elbo": elbo,
        "plateau_epochs": np.mean([watch.epochs for watch in watches], axis=0),
        "plateau_reached": np.all([watch.stopped for watch in watches], axis=0),
    }


def _agreement(latent: np.ndarray, genres: np.ndarray, k: int, seed: int) -> dict[str, float]:
    """Return NMI and AMI of K-Means with genre; NaN without two genres or k tracks."""
    known = pd.notna(genres)
    if len(set(genres[known])) < 2 or len(latent) < k:
        return {"nmi": np.nan, "ami": np.nan}
    return external_scores(kmeans.cluster(latent, k, seed)[known], genres[known])


def _no_condition(tracks: np.ndarray) -> np.ndarray:
    """Return the condition of networks without one, for the chosen tracks."""
    return np.zeros((int(tracks.sum()), 0), dtype=np.float32)
