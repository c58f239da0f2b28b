"""Learn a VAE that is shown the genres of a few songs.

A linear classifier predicts the genre from the latent that features are reconstructed from, so that
few labels and many tracks without labels shape the same latent. This is the M1 model with its
classifier (Kingma et al. 2014), but both are trained together. The loss of a batch of n tracks of
d features, m of them labelled, is, as a mean over its tracks,

    |x - x'|² / d + beta * KL(q(z | x) || N(0, 1)) / d + supervision * sqrt(m / n) * CE(y, z)

where the cross-entropy CE of the genre y is a mean over labelled tracks. Labels weigh more than
their share of the tracks, so that few of them have an effect, and less than all tracks together, so
that few of them are not overfitted.
"""

from __future__ import annotations

from torch import Tensor

from hybridmusic.networks._gaussian import Gaussian
from hybridmusic.networks._layers import Draws, Linear
from hybridmusic.networks._objective import Batch, kl_divergence, sample

SEVERAL = False
LEARNS_FROM = "genre"
SETTINGS = {
    "hidden": {"default": [128, 64]},
    "latent": {"default": 16},
    "beta": {"default": 0.5},
    "labels": {"type": "number", "exclusiveMinimum": 0, "maximum": 1, "default": 0.1},
    "supervision": {"type": "number", "minimum": 0, "default": 1.0},
    "epochs": {"type": "integer", "minimum": 1, "default": 60},
    "batch_size": {"type": "integer", "minimum": 1, "default": 256},
}


class Network(Gaussian):
    """d -> hidden -> (latent, latent); latent -> hidden reversed -> d; latent -> genres."""

    def __init__(
        self,
        n_features: int,
        n_conditions: int,
        draws: Draws,
        *,
        hidden: list[int],
        latent: int,
        supervision: float,
        n_labels: int,
    ):
        super().__init__(n_features, 0, draws, hidden, latent)
        self.classifier = Linear(latent, n_labels, draws)
        self.supervision = supervision

    def classify(self, z: Tensor) -> Tensor:
        """Return log probabilities of the genres, (seeds, batch, genres)."""
        return self.classifier(z).log_softmax(dim=2)

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Return squared error, KL and weighted cross-entropy, summed over each seed's batch.

        The cross-entropy is zero without labels.
        """
        mean, log_variance = self.encode(batch.x, batch.condition)
        z = sample(mean, log_variance, batch.noise)
        squared_error = (self.decode(z, batch.condition) - batch.x).square().sum(dim=(1, 2))
        kl = kl_divergence(mean, log_variance).sum(dim=1)
        n, d = batch.x.shape[1:]
        wrong = -(batch.label * self.classify(z)).sum(dim=(1, 2))
        labelled = batch.label.sum(dim=(1, 2)).clamp(min=1)
        return squared_error, kl, self.supervision * d * (n / labelled).sqrt() * wrong
