"""Learn a VAE that reads its features as a sequence of tokens, by attention.

The features are cut into `tokens` equal parts in their order; the descriptors `frames` are windows
of a clip in order. The last part is padded with zeros. Encoder and decoder are Transformers
(Vaswani et al. 2017) with a learned vector for each position. The latent comes from the mean of the
encoder's tokens, and each token of the decoder starts from it. The loss is that of the linear VAE.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from hybridmusic.networks._layers import Draws, Linear, TransformerLayer, drawn

SEVERAL = False
SETTINGS = {
    "tokens": {"type": "integer", "minimum": 1, "default": 12},
    "layers": {"type": "integer", "minimum": 1, "default": 1},
    "heads": {"type": "integer", "minimum": 1, "default": 4},
    "head_width": {"type": "integer", "minimum": 1, "default": 8},
    "latent": {"default": 16},
    "beta": {"default": 1.0},
}


class Network(nn.Module):
    """d -> tokens of heads * head_width -> layers -> (latent, latent), and the same way back."""

    def __init__(
        self,
        n_features: int,
        n_conditions: int,
        draws: Draws,
        *,
        tokens: int,
        layers: int,
        heads: int,
        head_width: int,
        latent: int,
    ):
        super().__init__()
        width = heads * head_width
        self.n_features, self.tokens = n_features, min(tokens, n_features)
        self.part = -(-n_features // self.tokens)
        self.embed = Linear(self.part, width, draws)
        self.position = drawn((1, self.tokens, width), width, draws)
        self.encoder = _layers(layers, width, heads, draws)
        self.mean = Linear(width, latent, draws)
        self.log_variance = Linear(width, latent, draws)
        self.expand = Linear(latent, width, draws)
        self.position_back = drawn((1, self.tokens, width), width, draws)
        self.decoder = _layers(layers, width, heads, draws)
        self.output = Linear(width, self.part, draws)

    def encode(self, x: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and log variance of q(z | x), each (seeds, batch, latent)."""
        padded = functional.pad(x, (0, self.tokens * self.part - self.n_features))
        h = self.embed(padded.unflatten(2, (self.tokens, self.part)))
        h = self.encoder(h + self.position).mean(dim=2)
        return self.mean(h), self.log_variance(h)

    def decode(self, z: Tensor, condition: Tensor) -> Tensor:
        """Reconstruct x, (seeds, batch, d)."""
        h = self.decoder(self.expand(z).unsqueeze(2) + self.position_back)
        return self.output(h).flatten(2)[:, :, : self.n_features]


def _layers(n: int, width: int, heads: int, draws: Draws) -> nn.Sequential:
    return nn.Sequential(*(TransformerLayer(width, heads, draws) for _ in range(n)))
