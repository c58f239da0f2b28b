"""Train networks, all seeds at once, and encode tracks with them (paper, sections 3.1 and 4.1).

Every random number of a seed comes from generators of that seed alone, drawn on the CPU. So a
seed's network does not depend on the other seeds of the batch, nor its random numbers on the
device.
"""

from __future__ import annotations

import inspect
import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from hybridmusic import kinds
from hybridmusic.networks._objective import Batch, bound, kl_divergence, kl_of_units, sample
from hybridmusic.training.adam import Adam
from hybridmusic.training.positives import Positives
from hybridmusic.training.replay import Replayed

logger = logging.getLogger(__name__)

# A latent unit is active if its mean varies over tracks by more than this (Burda et al. 2016).
ACTIVE_VARIANCE = 0.01
# A latent unit is informative if its mean KL, in nats, is more than this; collapse is defined by a
# threshold on the KL (Lucas et al. 2019). If q(z) is the prior, a KL of 0.05 is that of a unit
# whose mean varies over tracks by a third of its posterior's standard deviation. An active unit
# needs 0.005 only: on the demo, 15 units of a VAE with a KL of 0.6 nats are active.
INFORMATIVE_KL = 0.05


@dataclass(frozen=True)
class Encoded:
    """Tracks encoded by trained networks; the first axis is seeds, the second tracks.

    Parameters
    ----------
    latent : means of q(z | x)
    reconstruction : decoded means
    kl : nats per track; NaN for a network without a prior
    unit_kl : the same of each latent unit, the mean over tracks (seeds, units)
    """

    latent: np.ndarray
    reconstruction: np.ndarray
    kl: np.ndarray
    unit_kl: np.ndarray

    def active_units(self) -> np.ndarray:
        """Count the active latent units of each seed."""
        return (self.latent.var(axis=1) > ACTIVE_VARIANCE).sum(axis=1)

    def informative_units(self) -> np.ndarray:
        """Count the informative latent units of each seed; NaN for a network without a prior."""
        counts = (self.unit_kl > INFORMATIVE_KL).sum(axis=1)
        return np.where(np.isnan(self.unit_kl).any(axis=1), np.nan, counts)


def build(
    kind: str, n_features: int | list[int], n_conditions: int, seeds: list[int], settings: dict
) -> nn.Module:
    """Return a network with newly drawn weights for every seed.

    Parameters
    ----------
    kind : of network
    n_features : width of its space, or of each of its spaces if it takes several
    n_conditions : width of the condition
    seeds : one for each network of the batch
    settings : of the kind, and `n_labels` if it learns from labels
    """
    network = kinds.load("networks", kind).Network
    parameters = inspect.signature(network).parameters
    architecture = {name: value for name, value in settings.items() if name in parameters}
    draws = generators(seeds, stream=0)
    return network(n_features, n_conditions, draws, **architecture)


def restored(described: dict, weights: dict[str, Tensor]) -> nn.Module:
    """Rebuild the network of a run from its `settings.json` and its weights."""
    network = build(
        described["kind"],
        described["features"],
        len(described["classes"]),
        described["seeds"],
        described,
    )
    network.load_state_dict(weights)
    return network


def generators(seeds: list[int], stream: int) -> list[torch.Generator]:
    """Return a generator for each seed; streams 0 (weights) and 1 (training) never coincide."""
    return [torch.Generator().manual_seed(2 * seed + stream) for seed in seeds]


def train(
    network: nn.Module,
    x: np.ndarray,
    condition: np.ndarray,
    seeds: list[int],
    settings: dict,
    device: str = "cpu",
    *,
    groups: np.ndarray | None = None,
    labels: np.ndarray | None = None,
    pairs: Sequence[Positives] | None = None,
    units: np.ndarray | None = None,
    after_epoch: Callable[[int], bool] | None = None,
) -> pd.DataFrame:
    """Minimise squared error + beta * KL, both summed over batch and features, with Adam.

    A network with a method `loss` may minimise another term in addition. One with a method
    `prepare` gets all features and units first.

    Parameters
    ----------
    network : as `build` returns it for `seeds`; trained in place and left on `device`
    x : (seeds, tracks, features) or (tracks, features)
    condition : (seeds, tracks, conditions) or (tracks, conditions)
    seeds : one for each network of the batch
    settings : `epochs`, `batch_size`, `learning_rate`, `shuffle`, and with a prior `beta`;
        `learning_rate` and `beta` are numbers, or one for each of `seeds`
    device : of torch
    groups : (tracks, groups) of zeros and ones
    labels : (seeds, tracks, labels) of zeros and ones
    pairs : of each seed; they draw a partner for each track in every epoch
    units : (seeds, tracks) or (tracks,), by default each track is one of its own
    after_epoch : called with the number of each epoch; training ends early where it returns true

    Returns
    -------
    The history, one row per epoch and seed: `reconstruction`, the squared error per feature; `kl`,
    nats per track; `other`, the additional term per feature, all means over the epoch's batches;
    and `active_units` at the epoch's end.
    """
    network.to(device)
    x, condition = _on_device(x, condition, len(seeds), device)
    if hasattr(network, "prepare"):
        units = np.arange(x.shape[1]) if units is None else units
        network.prepare(x, np.broadcast_to(units, x.shape[:2]))
    given = {
        name: torch.as_tensor(values, dtype=torch.float32, device=device).expand(
            len(seeds), *values.shape[-2:]
        )
        for name, values in (("group", groups), ("label", labels))
        if values is not None
    }
    members = torch.arange(len(seeds), device=device).unsqueeze(1)
    draws = generators(seeds, stream=1)
    optimiser = Adam(network, np.broadcast_to(settings["learning_rate"], len(seeds)).tolist())
    beta = settings.get("beta", getattr(network, "beta", 0.0))
    beta = torch.as_tensor(beta, dtype=torch.float32, device=device)
    n_tracks, noise_width = x.shape[1], getattr(network, "noise_width", settings["latent"])
    totals = torch.zeros(3, len(seeds), device=device)

    def step(rows: Tensor, noise: Tensor, partners: Tensor | None = None) -> None:
        batch = Batch(
            x[members, rows],
            condition[members, rows],
            noise,
            partner=None if partners is None else x[members, partners],
            **{name: values[members, rows] for name, values in given.items()},
        )
        squared_error, kl, other = _loss(network, batch)
        optimiser.zero_grad()
        # The seeds share no weights, so the gradient of the sum is each seed's own gradient.
        (squared_error + beta * kl + other).sum().backward()
        optimiser.step()
        totals.add_(torch.stack([squared_error, kl, other]).detach())

    if x.is_cuda:
        step = Replayed(step)
    history, started = [], time.monotonic()
    for epoch in range(1, settings["epochs"] + 1):
        order = _orders(n_tracks, draws, settings["shuffle"])
        drawn = [order, _noises(n_tracks, noise_width, draws)]
        if pairs is not None:
            partners = [p.draw(draw) for p, draw in zip(pairs, draws, strict=True)]
            drawn.append(torch.stack(partners).gather(1, order))
        totals.zero_()
        batches = [each.to(device).split(settings["batch_size"], dim=1) for each in drawn]
        for batch in zip(*batches, strict=True):
            step(*batch)
        with torch.no_grad():
            variance = network.encode(x, condition)[0].var(dim=1, correction=0)
        squared_error, kl, other = (totals / n_tracks).cpu().numpy()
        epoch_history = {
            "seed": seeds,
            "epoch": epoch,
            "reconstruction": squared_error / x.shape[2],
            "kl": kl,
            "other": other / x.shape[2],
            "active_units": (variance > ACTIVE_VARIANCE).sum(dim=1).cpu().numpy(),
        }
        history.append(pd.DataFrame(epoch_history))
        _report(history[-1], epoch, settings["epochs"], started)
        if after_epoch is not None and after_epoch(epoch):
            break
    return pd.concat(history, ignore_index=True)


@torch.no_grad()
def attention(network: nn.Module, x: np.ndarray) -> np.ndarray:
    """Return a fusion's weights of its spaces, (seeds, tracks, spaces); `x` is as for `encode`."""
    weight = next(network.parameters())
    x, _ = _on_device(x, np.zeros((x.shape[-2], 0)), len(weight), weight.device)
    return network.attention(x).cpu().numpy()


@torch.no_grad()
def classify(network: nn.Module, latent: np.ndarray) -> np.ndarray:
    """Return the log probabilities of labels, (seeds, tracks, labels), for latents of `encode`."""
    weight = next(network.parameters())
    z = torch.as_tensor(latent, dtype=torch.float32, device=weight.device)
    return network.classify(z).cpu().numpy()


@torch.no_grad()
def encode(network: nn.Module, x: np.ndarray, condition: np.ndarray) -> Encoded:
    """Encode and reconstruct `x` under a condition, both as for `train`."""
    weight = next(network.parameters())
    x, condition = _on_device(x, condition, len(weight), weight.device)
    mean, log_variance = network.encode(x, condition)
    undefined = torch.full_like(mean, torch.nan)
    kl = undefined if log_variance is None else kl_of_units(mean, log_variance)
    encoded = (mean, network.decode(mean, condition), kl.sum(dim=2), kl.mean(dim=1))
    return Encoded(*(tensor.cpu().numpy() for tensor in encoded))


@torch.no_grad()
def evidence(
    network: nn.Module, x: np.ndarray, condition: np.ndarray, seed: int, samples: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return both parts of the ELBO of each network with a prior: means over tracks in nats.

    The first is E_q(z | x)[log p(x | z)], the second the KL divergence that is subtracted from it.
    p(x | z) is Gaussian with variance 1/2 around the decoding: log p(x | z) = -(squared error) -
    features / 2 * log(pi). So training with beta = 1 maximises this ELBO, and training with another
    beta that of variance beta / 2 (Rybkin et al. 2021).

    Parameters
    ----------
    network, x, condition : as for `encode`
    seed : of the draws, which are the same for all networks
    samples : number of draws of z
    """
    weight = next(network.parameters())
    x, condition = _on_device(x, condition, len(weight), weight.device)
    mean, log_variance = network.encode(x, condition)
    draw, squared_error = torch.Generator().manual_seed(seed), torch.zeros_like(mean[..., 0])
    for _ in range(samples):
        noise = torch.randn(mean.shape[1:], generator=draw).to(weight.device)
        z = sample(mean, log_variance, noise)
        squared_error += ((network.decode(z, condition) - x) ** 2).sum(dim=2) / samples
    log_likelihood = -squared_error - x.shape[2] / 2 * math.log(math.pi)
    kl = kl_divergence(mean, log_variance)
    return log_likelihood.mean(dim=1).cpu().numpy(), kl.mean(dim=1).cpu().numpy()


def _loss(network: nn.Module, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Return squared error, KL and the additional term of each seed, summed over its batch."""
    if hasattr(network, "loss"):
        return network.loss(batch)
    squared_error, kl, _ = bound(network, batch)
    return squared_error, kl, torch.zeros_like(kl)


def _on_device(x: np.ndarray, condition: np.ndarray, n_seeds: int, device) -> tuple[Tensor, Tensor]:
    """Return both as float tensors (seeds, tracks, ...) on the device, the only copies made."""
    x, condition = (
        torch.as_tensor(array, dtype=torch.float32).to(device) for array in (x, condition)
    )
    return tuple(each.expand(n_seeds, *each.shape[-2:]) for each in (x, condition))


def _orders(n: int, draws: list[torch.Generator], shuffle: bool) -> Tensor:
    """Draw the order of the tracks of each seed in an epoch, (seeds, tracks)."""
    if not shuffle:
        return torch.arange(n).expand(len(draws), n)
    return torch.stack([torch.randperm(n, generator=draw) for draw in draws])


def _noises(n: int, width: int, draws: list[torch.Generator]) -> Tensor:
    """Draw the standard normal noise of an epoch, (seeds, tracks, width)."""
    return torch.stack([torch.randn(n, width, generator=draw) for draw in draws])


def _report(history: pd.DataFrame, epoch: int, epochs: int, started: float) -> None:
    """Log the progress of training, at most ten times."""
    if epoch % max(1, epochs // 10) and epoch != epochs:
        return
    left = (time.monotonic() - started) / epoch * (epochs - epoch)
    means = history.mean(numeric_only=True)
    logger.info(
        "epoch %d of %d: reconstruction %.4f, KL %.3f, other %.4f, %.1f active units, %.0f s left",
        epoch,
        epochs,
        means["reconstruction"],
        means["kl"],
        means["other"],
        means["active_units"],
        left,
    )
