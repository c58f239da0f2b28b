"""The contrastive VAE against its formulas."""

import numpy as np
import pytest
import torch
from sklearn.metrics import silhouette_score
from teaching import given, settings
from torch.distributions import Normal, kl_divergence

from hybridmusic.networks._objective import Batch
from hybridmusic.networks.contrastive_vae import nt_xent
from hybridmusic.training import loop

pytestmark = pytest.mark.numerical


def test_contrast_is_the_papers_sum():
    """NT-Xent by two loops over a batch of one seed, as equation 1 of Chen et al. (2020) says."""
    z, partner = torch.randn(2, 2, 6, 3).double()
    views = np.concatenate([z[1], partner[1]])
    views /= np.linalg.norm(views, axis=1, keepdims=True)
    exponents = np.exp(views @ views.T / 0.3)
    terms = [
        -np.log(exponents[i, (i + 6) % 12] / sum(exponents[i, j] for j in range(12) if j != i))
        for i in range(12)
    ]
    assert nt_xent(z, partner, 0.3)[1].item() == pytest.approx(np.mean(terms))
    assert nt_xent(z[:, :1], partner[:, :1], 0.3).tolist() == pytest.approx([0, 0])


def test_a_contrastive_network_minimises_what_its_docstring_says():
    """Without dropout, term by term from what it encodes and decodes."""
    chosen = settings("contrastive_vae", latent=3, dropout=0.0, contrast=2.0)
    network = loop.build("contrastive_vae", 12, 0, [0, 1], chosen)
    x, partner = torch.randn(2, 2, 5, 12)
    noise = torch.randn(2, 5, network.noise_width)
    found = network.loss(Batch(x, x[:, :, :0], noise, partner=partner))
    draws = []
    for features, start in ((x, 0), (partner, network.noise_width // 2)):
        mean, log_variance = network.encode(features, x[:, :, :0])
        draws.append(mean + noise[:, :, start : start + 3] * torch.exp(log_variance / 2))
        if start == 0:
            kl = kl_divergence(Normal(mean, torch.exp(log_variance / 2)), Normal(0, 1))
    error = (network.decode(draws[0], x[:, :, :0]) - x) ** 2
    torch.testing.assert_close(found[0], error.sum(dim=(1, 2)))
    torch.testing.assert_close(found[1], kl.sum(dim=(1, 2)))
    torch.testing.assert_close(found[2], 2.0 * 5 * 12 * nt_xent(*draws, 0.5))


def test_dropout_leaves_out_its_share_and_keeps_the_mean():
    chosen = settings("contrastive_vae", dropout=0.25, hidden=[400])
    network = loop.build("contrastive_vae", 12, 0, [0], chosen)
    # Then the mean is that of the one layer's units, which are all 1 before any is left out.
    with torch.no_grad():
        network.encoder[0].weight.zero_()
        network.encoder[0].bias.fill_(1)
        network.mean.weight.fill_(1 / 400)
        network.mean.bias.zero_()
    noise = torch.randn(1, 300, network.noise_width // 2, generator=torch.manual_seed(0))
    left = network._drawn(torch.zeros(1, 300, 12), noise)[0][0, :, 0]
    assert left.mean().item() == pytest.approx(1, abs=0.01)
    assert left.std().item() == pytest.approx((0.25 / 0.75 / 400) ** 0.5, rel=0.2)
    assert network.encode(torch.zeros(1, 1, 12), None)[0].unique().tolist() == pytest.approx([1])


def test_contrast_draws_neighbours_together():
    """Blobs in noise: pairs of neighbours pull a blob together that a plain VAE leaves wide."""
    draws = np.random.default_rng(0)
    blob = draws.integers(6, size=400)
    x = (draws.normal(size=(6, 20))[blob] + draws.normal(size=(400, 20))).astype(np.float32)
    silhouettes = {}
    for contrast in (0.0, 1.0):
        chosen = settings(
            "contrastive_vae", contrast=contrast, epochs=30, latent=4, batch_size=64, hidden=[32]
        )
        network = loop.build("contrastive_vae", 20, 0, [0, 1], chosen)
        loop.train(network, x, np.zeros((400, 0)), [0, 1], chosen, **given(chosen, x, [0, 1]))
        latents = loop.encode(network, x, np.zeros((400, 0))).latent
        silhouettes[contrast] = np.array([silhouette_score(z, blob) for z in latents])
    # The difference is 0.19 ± 0.01 over 20 seeds, and 0.17 ± 0.01 for other blobs.
    assert (silhouettes[1.0] > silhouettes[0.0] + 0.1).all(), silhouettes
