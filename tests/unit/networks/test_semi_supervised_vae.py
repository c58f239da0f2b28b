"""A VAE that is shown labels of some tracks: its loss, and training with and without genres."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from hybridmusic import kinds
from hybridmusic.networks._objective import Batch
from hybridmusic.training import loop

pytestmark = pytest.mark.numerical

KIND = "semi_supervised_vae"


def test_a_network_is_taught_by_the_labels_alone():
    """Compare with the cross-entropy of PyTorch over the labelled tracks."""
    settings = kinds.settings("networks", KIND, {"supervision": 2.0})
    network = loop.build(KIND, 12, 0, [0, 1], settings | {"n_labels": 3})
    x, noise = torch.randn(2, 6, 12), torch.randn(2, 6, 16)
    label = torch.zeros(2, 6, 3)
    label[1, [0, 4], [2, 1]] = 1
    squared_error, kl, taught = network.loss(Batch(x, x[:, :, :0], noise, label=label))
    mean, log_variance = network.encode(x, None)
    z = mean + noise * torch.exp(log_variance / 2)
    expected = functional.cross_entropy(network.classifier(z)[1, [0, 4]], torch.tensor([2, 1]))
    assert taught[0].item() == 0
    # Two of six have labels, so they weigh as much as the square root of twelve.
    assert taught[1].item() == pytest.approx(2.0 * 12 * 12**0.5 * expected.item(), rel=1e-5)
    error = network.decode(z, None) - x
    torch.testing.assert_close(squared_error, error.square().sum(dim=(1, 2)))
    torch.testing.assert_close(kl, loop.kl_divergence(mean, log_variance).sum(dim=1))


@pytest.mark.parametrize("n_labels", [0, 3])
def test_it_trains_with_and_without_any_genre(n_labels):
    settings = kinds.settings("networks", KIND, {"epochs": 2})
    network = loop.build(KIND, 4, 0, [0], settings | {"n_labels": n_labels})
    x = np.random.default_rng(0).normal(size=(20, 4)).astype(np.float32)
    labels = np.zeros((1, 20, n_labels))
    history = loop.train(network, x, np.zeros((20, 0)), [0], settings, labels=labels)
    assert (history["other"] == 0).all()
    latent = loop.encode(network, x, np.zeros((20, 0))).latent
    likely = loop.classify(network, latent)
    assert likely.shape == (1, 20, n_labels)
    np.testing.assert_allclose(np.exp(likely).sum(axis=2), float(n_labels > 0), rtol=1e-5)
