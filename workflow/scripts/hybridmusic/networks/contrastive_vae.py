"""Learn a VAE whose latent keeps neighbours together.

Each track x has a partner x', one of its nearest neighbours in the encoded space or another clip of
its song, drawn in every epoch. The loss of a batch of n tracks of d features is, as a mean over its
tracks,

    |x - x''|² / d + beta * KL(q(z | x) || N(0, 1)) / d + contrast * NT-Xent(z, z')

where x'' is decoded from z, and z and z' are drawn from q(z | x) and q(z | x'). NT-Xent is the
cross-entropy of finding z' by its cosine similarity to z, over a temperature, among all the other
2n - 1 draws of the batch, and of finding z from z' (Chen et al. 2020). Neighbours replace the
augmented views of that paper (Dwibedi et al. 2021). Like UMAP this embeds a graph of neighbours
(Damrich et al. 2023), but by an encoder, which can also encode new tracks. Dropout leaves out
different hidden units for a track and its partner, so that pairs do not depend on a few units.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional
from torch.special import ndtri

from hybridmusic.networks._gaussian import Gaussian
from hybridmusic.networks._layers import Draws
from hybridmusic.networks._objective import Batch, kl_divergence, sample

SEVERAL = False
GRAPH = "neighbours"
SETTINGS = {
    "hidden": {"default": [128, 64]},
    "latent": {"default": 16},
    "beta": {"default": 0.5},
    "positives": {"enum": ["neighbours", "song", "both"], "default": "neighbours"},
    "neighbours": {"type": "integer", "minimum": 1, "default": 15},
    "contrast": {"type": "number", "minimum": 0, "default": 1.0},
    "temperature": {"type": "number", "exclusiveMinimum": 0, "default": 0.5},
    "dropout": {"type": "number", "minimum": 0, "exclusiveMaximum": 1, "default": 0.1},
    "epochs": {"type": "integer", "minimum": 1, "default": 60},
    "batch_size": {"type": "integer", "minimum": 1, "default": 256},
}


class Network(Gaussian):
    """d -> hidden -> (latent, latent); latent -> hidden reversed -> d; no dropout in `encode`."""

    def __init__(
        self,
        n_features: int,
        n_conditions: int,
        draws: Draws,
        *,
        hidden: list[int],
        latent: int,
        dropout: float,
        temperature: float,
        contrast: float,
    ):
        super().__init__(n_features, 0, draws, hidden, latent)
        self.dropout, self.temperature, self.contrast = dropout, temperature, contrast
        # A unit is kept where its normal noise exceeds the quantile of the dropped share.
        self.least = ndtri(torch.tensor(dropout)).item()
        # For a track and its partner: noise of each latent, and of each hidden unit's dropout.
        self.widths = [latent, *hidden]
        self.noise_width = 2 * sum(self.widths)

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Return squared error, KL and weighted contrast, summed over each seed's batch."""
        own, others = batch.noise.chunk(2, dim=2)
        mean, log_variance, z = self._drawn(batch.x, own)
        _, _, partner = self._drawn(batch.partner, others)
        squared_error = (self.decode(z, batch.condition) - batch.x).square().sum(dim=(1, 2))
        kl = kl_divergence(mean, log_variance).sum(dim=1)
        n, d = batch.x.shape[1:]
        return squared_error, kl, self.contrast * n * d * nt_xent(z, partner, self.temperature)

    def _drawn(self, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return mean and log variance of q(z | x) with dropout, and a draw from it."""
        noise, *coins = noise.split(self.widths, dim=2)
        h = x
        for layer, coin in zip(self.encoder[::2], coins, strict=True):
            h = torch.relu(layer(h)) * (coin > self.least) / (1 - self.dropout)
        mean, log_variance = self.mean(h), self.log_variance(h)
        return mean, log_variance, sample(mean, log_variance, noise)


def nt_xent(z: Tensor, partner: Tensor, temperature: float) -> Tensor:
    """Return the normalised, temperature-scaled cross-entropy of pairs, (seeds,).

    `z` and `partner` are (seeds, batch, latent); the mean is over both directions.
    """
    views = functional.normalize(torch.cat([z, partner], dim=1), dim=2)
    similarity = views @ views.transpose(1, 2) / temperature
    n = z.shape[1]
    itself = torch.eye(2 * n, dtype=torch.bool, device=z.device)
    similarity = similarity.masked_fill(itself, -torch.inf)
    matching = (views * views.roll(n, dims=1)).sum(dim=2) / temperature
    return (similarity.logsumexp(dim=2) - matching).mean(dim=1)
