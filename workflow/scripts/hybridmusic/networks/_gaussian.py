"""Perceptrons between features and a Gaussian latent, the common part of several VAEs."""

from __future__ import annotations

from torch import Tensor, nn

from hybridmusic.networks._layers import Draws, Linear, perceptron


class Gaussian(nn.Module):
    """d (+ c) -> hidden -> (latent, latent); latent (+ c) -> hidden reversed -> d.

    A network with a condition of width c appends it to what it encodes and decodes.
    """

    def __init__(
        self, n_features: int, n_conditions: int, draws: Draws, hidden: list[int], latent: int
    ):
        super().__init__()
        self.encoder = perceptron([n_features + n_conditions, *hidden], draws)
        self.mean = Linear(hidden[-1], latent, draws)
        self.log_variance = Linear(hidden[-1], latent, draws)
        self.decoder = perceptron([latent + n_conditions, *reversed(hidden)], draws)
        self.output = Linear(hidden[0], n_features, draws)

    def encode(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and log variance of q(z | x), each (seeds, batch, latent)."""
        h = self.encoder(x)
        return self.mean(h), self.log_variance(h)

    def decode(self, z: Tensor, condition: Tensor) -> Tensor:
        """Reconstruct x, (seeds, batch, d)."""
        return self.output(self.decoder(z))
