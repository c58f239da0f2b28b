"""Learn to fuse modalities by attention for each track.

Each modality m encodes its features into a code h_m, and this code alone predicts the features of
all modalities. E_m is the squared error per feature of each modality, averaged over modalities with
their relevance w. Relevance is set before training by what the modalities predict on held-out songs
(see _relevance.py), because an error in training also falls where a code memorises noise.

Attention a, a softmax over modalities from all codes of the track, is trained to minimise

    sum_m a_m E_m + temperature * KL(a || w)

times the number of features. This is the variational bound of a mixture of experts: its hidden
variable is the modality, its prior is w (Jacobs et al. 1991; Jordan et al. 1999). With e_m the
expectation of E_m given the codes, the minimum in a is

    a_m = w_m exp(-e_m / temperature) / sum_k w_k exp(-e_k / temperature)

So a modality without relevance gets no attention, and nothing has to predict it. At a high
temperature all tracks have attention w; at a low one, each track follows its better predictor.

The space is sum_m a_m h_m. The decoder is linear, so its output is the mixture of the modalities'
predictions, with an error of at most sum_m a_m E_m (Jensen's inequality).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from hybridmusic.networks._layers import Draws, Linear, perceptron
from hybridmusic.networks._objective import Batch
from hybridmusic.networks._relevance import weights

SEVERAL = True
SETTINGS = {
    "hidden": {"default": [64, 32]},
    "latent": {"default": 16},
    "temperature": {"type": "number", "exclusiveMinimum": 0, "default": 1.0},
}


class Network(nn.Module):
    """Modalities of `n_features` side by side -> one code each -> their mixture -> all of them."""

    def __init__(
        self,
        n_features: list[int],
        n_conditions: int,
        draws: Draws,
        *,
        hidden: list[int],
        latent: int,
        temperature: float,
    ):
        super().__init__()
        self.widths = list(n_features)
        self.width = sum(self.widths)
        self.beta = temperature * self.width
        self.encoders = nn.ModuleList(perceptron([d, *hidden], draws) for d in self.widths)
        self.codes = nn.ModuleList(Linear(hidden[-1], latent, draws) for _ in self.widths)
        self.gate = perceptron([len(self.widths) * latent, hidden[-1]], draws)
        self.logits = Linear(hidden[-1], len(self.widths), draws)
        self.output = Linear(latent, self.width, draws)
        equal = torch.full((len(draws), 1, len(self.widths)), 1 / len(self.widths))
        self.register_buffer("relevance", equal)

    def prepare(self, x: Tensor, units: np.ndarray) -> None:
        """Set the relevance by tracks (seeds, tracks, d) of `units` (seeds, tracks)."""
        for relevance, *tracks in zip(self.relevance, x.double().cpu(), units, strict=True):
            features, of_tracks = tracks
            modalities = [part.numpy() for part in features.split(self.widths, dim=1)]
            relevance.copy_(torch.as_tensor(weights(modalities, of_tracks)))

    def encode(self, x: Tensor, condition: Tensor) -> tuple[Tensor, None]:
        """Return the mixed code, (seeds, batch, latent); it has no variance."""
        codes, log_attention = self._attend(x)
        return (log_attention.exp().unsqueeze(3) * codes).sum(dim=2), None

    def decode(self, z: Tensor, condition: Tensor) -> Tensor:
        """Reconstruct all modalities side by side, (seeds, batch, d)."""
        return self.output(z)

    def attention(self, x: Tensor) -> Tensor:
        """Return the weights of the modalities, (seeds, batch, modalities), which sum to 1."""
        return self._attend(x)[1].exp()

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Return d times the sum of a_m E_m, and the KL, summed over each seed's batch."""
        codes, log_attention = self._attend(batch.x)
        attention = log_attention.exp()
        errors = [self._error(code, batch.x) for code in codes.unbind(dim=2)]
        error = self.width * (attention * torch.stack(errors, dim=2)).sum(dim=(1, 2))
        kl = (attention * (log_attention - self._log_relevance())).sum(dim=(1, 2))
        return error, kl, torch.zeros_like(kl)

    def _error(self, code: Tensor, x: Tensor) -> Tensor:
        """Return E_m of the modality with this code, (seeds, batch)."""
        squared = (self.output(code) - x).square()
        means = [part.mean(dim=2) for part in squared.split(self.widths, dim=2)]
        return (self.relevance * torch.stack(means, dim=2)).sum(dim=2)

    def _attend(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return codes, (seeds, batch, modalities, latent), and the logarithm of the attention."""
        modalities = zip(self.encoders, self.codes, x.split(self.widths, dim=2), strict=True)
        codes = [code(encoder(part)) for encoder, code, part in modalities]
        logits = self.logits(self.gate(torch.cat(codes, dim=2))) + self._log_relevance()
        return torch.stack(codes, dim=2), logits.log_softmax(dim=2)

    def _log_relevance(self) -> Tensor:
        # The logarithm of 0 would make gradients undefined.
        return self.relevance.clamp(min=1e-9).log()
