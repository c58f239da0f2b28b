"""Learn to fuse modalities by attention for each track.

At each step a random half of every modality's features is hidden. Each modality m encodes its
visible features into a code h_m, and this code alone predicts all hidden features, its own and
those of the others. E_m is the squared error of the prediction: the mean over the hidden features
of each modality, averaged over modalities, so that each counts the same, however many features it
has. Attention a, a softmax over modalities from all codes of the track, is trained to minimise

    sum_m a_m E_m + temperature * KL(a || uniform)

times the number of features. This is the variational bound of a mixture of experts: its hidden
variable is the modality, its prior uniform (Jacobs et al. 1991; Jordan et al. 1999).
With e_m the expectation of E_m given the codes, the minimum in a is

    a_m = exp(-e_m / temperature) / sum_k exp(-e_k / temperature)

So a modality that predicts less has a smaller weight. Noise, features that depend neither on each
other nor on the other modalities, cannot predict hidden features: its e_m is the variance of all
features, the largest possible. A modality that predicts at least some of its own features has a
smaller e_m and the larger weight. Copying does not help: visible features are not predicted. Hiding
thus separates noise from a modality that is only hard to compress (Vincent et al. 2008).

The space is sum_m a_m h_m. The decoder is linear, so its output is the mixture of the modalities'
predictions, with an error of at most sum_m a_m E_m (Jensen's inequality).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from hybridmusic.networks._layers import Draws, Linear, perceptron
from hybridmusic.networks._objective import Batch

SEVERAL = True
SETTINGS = {
    "hidden": {"default": [64, 32]},
    "latent": {"default": 16},
    "temperature": {"type": "number", "exclusiveMinimum": 0, "default": 0.1},
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
        # The sign of each feature's noise decides whether it is hidden.
        self.noise_width = sum(self.widths)
        self.beta = temperature * self.noise_width
        self.encoders = nn.ModuleList(perceptron([d, *hidden], draws) for d in self.widths)
        self.codes = nn.ModuleList(Linear(hidden[-1], latent, draws) for _ in self.widths)
        self.gate = perceptron([len(self.widths) * latent, hidden[-1]], draws)
        self.logits = Linear(hidden[-1], len(self.widths), draws)
        self.output = Linear(latent, self.noise_width, draws)

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
        """Return d times the sum of a_m E_m, and the KL, summed over each seed's batch.

        Features with positive noise, (seeds, batch, d), are hidden.
        """
        x, hidden = batch.x, (batch.noise > 0).float()
        # Visible features are doubled, so that codes are as large as from all features.
        codes, log_attention = self._attend(2 * (1 - hidden) * x)
        attention = log_attention.exp()
        error = torch.stack([self._error(code, x, hidden) for code in codes.unbind(dim=2)], dim=2)
        kl = (attention * (log_attention + math.log(len(self.widths)))).sum(dim=(1, 2))
        error = self.noise_width * (attention * error).sum(dim=(1, 2))
        return error, kl, torch.zeros_like(kl)

    def _error(self, code: Tensor, x: Tensor, hidden: Tensor) -> Tensor:
        """Return E_m of the modality with this code, (seeds, batch)."""
        # Half of the features are hidden on average, hence the 2.
        squared = 2 * hidden * (self.output(code) - x).square()
        return torch.stack([part.mean(dim=2) for part in squared.split(self.widths, 2)]).mean(dim=0)

    def _attend(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return codes, (seeds, batch, modalities, latent), and the logarithm of the attention."""
        modalities = zip(self.encoders, self.codes, x.split(self.widths, dim=2), strict=True)
        codes = [code(encoder(part)) for encoder, code, part in modalities]
        logits = self.logits(self.gate(torch.cat(codes, dim=2)))
        return torch.stack(codes, dim=2), logits.log_softmax(dim=2)
