"""Learn a linear VAE, plain or conditional (paper, sections 3.1.1 and 3.1.3).

Its latent can be made independent of the language, so that clusters do not depend on it. The loss
of a batch of n tracks x with latent means m and languages s is

    sum |x - x'|² + beta * sum KL(q(z | x) || N(0, 1)) + independence * n * MMD²(m; s)

with the maximum mean discrepancy of `hybridmusic.networks._discrepancy` (Gretton et al. 2012), as
in the variational fair autoencoder (Louizos et al. 2016), but of the means, which are the space.
Where genres differ between languages, differences between these genres are removed as well.
"""

from __future__ import annotations

import torch
from torch import Tensor

from hybridmusic.networks._discrepancy import mmd
from hybridmusic.networks._gaussian import Gaussian
from hybridmusic.networks._layers import Draws
from hybridmusic.networks._objective import Batch, bound

SEVERAL = False
SETTINGS = {
    "hidden": {"default": [64, 32]},
    "latent": {"default": 16},
    "beta": {"default": 1.0},
    "condition": {"enum": ["none", "language", "genre"], "default": "none"},
    "independent_of": {"enum": ["none", "language"], "default": "none"},
    "independence": {"type": "number", "minimum": 0, "default": 10.0},
}


class Network(Gaussian):
    """A one-hot condition of length `n_conditions`, 0 for none, goes to encoder and decoder."""

    def __init__(
        self,
        n_features: int,
        n_conditions: int,
        draws: Draws,
        *,
        hidden: list[int],
        latent: int,
        independence: float,
    ):
        super().__init__(n_features, n_conditions, draws, hidden, latent)
        self.independence = independence

    def encode(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and log variance of q(z | x, c), each (seeds, batch, latent)."""
        return super().encode(torch.cat([x, condition], dim=-1), condition)

    def decode(self, z: Tensor, condition: Tensor) -> Tensor:
        """Reconstruct x, (seeds, batch, d)."""
        return super().decode(torch.cat([z, condition], dim=-1), condition)

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Return squared error, KL, and with groups the penalty of dependence on them."""
        squared_error, kl, mean = bound(self, batch)
        if batch.group is None:
            return squared_error, kl, torch.zeros_like(kl)
        n = batch.x.shape[1]
        return squared_error, kl, self.independence * n * mmd(mean, batch.group)
