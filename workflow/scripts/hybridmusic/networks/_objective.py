"""The batch of one training step, and the parts of a VAE's objective."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Batch:
    """Tracks of one training step, with axes (seeds, tracks, ...).

    Attributes
    ----------
    x : features
    condition : one-hot, of width 0 without a condition
    noise : standard normal, as wide as the latent or the network's `noise_width`
    partner : features of a track that is to be near each track
    label : one-hot genre, all zeros where it is not shown
    group : one-hot group that the latent is to be independent of
    """

    x: Tensor
    condition: Tensor
    noise: Tensor
    partner: Tensor | None = None
    label: Tensor | None = None
    group: Tensor | None = None


def kl_divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Sum the KL of N(mean, exp(log_variance)) from N(0, 1) over the last axis, in nats."""
    return kl_of_units(mean, log_variance).sum(dim=-1)


def kl_of_units(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Return the KL of N(mean, exp(log_variance)) from N(0, 1), elementwise, in nats."""
    return 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance)


def sample(mean: Tensor, log_variance: Tensor, noise: Tensor) -> Tensor:
    """Draw from N(mean, exp(log_variance)) by standard normal `noise`."""
    return mean + noise * torch.exp(0.5 * log_variance)


def bound(network: nn.Module, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Return squared error and KL, summed over each seed's batch (seeds,), and the latent means."""
    mean, log_variance = network.encode(batch.x, batch.condition)
    z, kl = mean, torch.zeros(len(mean), device=mean.device)
    if log_variance is not None:
        z = sample(mean, log_variance, batch.noise)
        kl = kl_divergence(mean, log_variance).sum(dim=1)
    error = network.decode(z, batch.condition) - batch.x
    return error.square().sum(dim=(1, 2)), kl, mean
