"""Learn a convolutional VAE over the features as a sequence (paper, section 3.1.2)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from hybridmusic.networks._layers import Conv1d, ConvTranspose1d, Draws, Linear

SEVERAL = False
SETTINGS = {
    "channels": {
        "type": "array",
        "items": {"type": "integer", "minimum": 1},
        "minItems": 2,
        "maxItems": 2,
        "default": [16, 32],
    },
    "latent": {"default": 32},
    "beta": {"default": 1.0},
}


class Network(nn.Module):
    """Conv1d 1 -> 16 -> 32 (the second with stride 2), latent 32, and the transposes back."""

    def __init__(
        self, n_features: int, n_conditions: int, draws: Draws, *, channels: list[int], latent: int
    ):
        super().__init__()
        narrow, wide = channels
        self.channels, self.length = wide, (n_features + 1) // 2
        self.conv1 = Conv1d(1, narrow, 1, draws)
        self.conv2 = Conv1d(narrow, wide, 2, draws)
        self.mean = Linear(wide * self.length, latent, draws)
        self.log_variance = Linear(wide * self.length, latent, draws)
        self.expand = Linear(latent, wide * self.length, draws)
        # Stride 2 maps 2n - 1 and 2n features to the same length, which padding undoes.
        self.conv3 = ConvTranspose1d(wide, narrow, 2, 1 - n_features % 2, draws)
        self.conv4 = ConvTranspose1d(narrow, 1, 1, 0, draws)

    def encode(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and log variance of q(z | x), each (seeds, batch, latent)."""
        h = torch.relu(self.conv1(x.unsqueeze(2)))
        h = torch.relu(self.conv2(h)).flatten(2)
        return self.mean(h), self.log_variance(h)

    def decode(self, z: Tensor, condition: Tensor) -> Tensor:
        """Reconstruct x, (seeds, batch, d)."""
        h = torch.relu(self.expand(z)).unflatten(2, (self.channels, self.length))
        return self.conv4(torch.relu(self.conv3(h))).squeeze(2)
