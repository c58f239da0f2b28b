"""Learn a plain autoencoder, a row of the paper's Table 2 that its text does not describe."""

from __future__ import annotations

from torch import Tensor, nn

from hybridmusic.networks._layers import Draws, Linear, perceptron

SEVERAL = False
SETTINGS = {
    "hidden": {"default": [64, 32]},
    "latent": {"default": 16},
}


class Network(nn.Module):
    """d -> hidden -> latent -> hidden reversed -> d, without a prior."""

    def __init__(
        self, n_features: int, n_conditions: int, draws: Draws, *, hidden: list[int], latent: int
    ):
        super().__init__()
        self.encoder = perceptron([n_features, *hidden], draws)
        self.code = Linear(hidden[-1], latent, draws)
        self.decoder = perceptron([latent, *reversed(hidden)], draws)
        self.output = Linear(hidden[0], n_features, draws)

    def encode(self, x: Tensor, condition: Tensor) -> tuple[Tensor, None]:
        """Return the code, (seeds, batch, latent); it has no variance."""
        return self.code(self.encoder(x)), None

    def decode(self, z: Tensor, condition: Tensor) -> Tensor:
        """Reconstruct x, (seeds, batch, d)."""
        return self.output(self.decoder(z))
