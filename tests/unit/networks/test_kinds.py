"""Shapes and sizes of every kind of network."""

import pytest
import torch
from teaching import settings, widths

from hybridmusic import kinds
from hybridmusic.training import loop

pytestmark = pytest.mark.numerical


@pytest.mark.parametrize("kind", kinds.kinds("networks"))
@pytest.mark.parametrize("n_features", [1, 2, 13, 52, 53, 436])
@pytest.mark.parametrize("n_conditions", [0, 18])
def test_shapes_for_odd_and_even_lengths(kind, n_features, n_conditions):
    chosen = settings(kind)
    network = loop.build(kind, widths(kind, n_features), n_conditions, [0, 1, 2], chosen)
    x, condition = torch.randn(3, 5, n_features), torch.zeros(3, 5, n_conditions)
    mean, log_variance = network.encode(x, condition)
    assert mean.shape == (3, 5, chosen["latent"])
    assert (log_variance is None) == (kind in ("autoencoder", "adaptive_fusion"))
    assert network.decode(mean, condition).shape == x.shape


def test_sizes_are_the_papers():
    vae = loop.build("vae", 52, 18, [0], settings("vae", hidden=[128, 64]))
    sizes = [tuple(w.shape[1:]) for n, w in vae.named_parameters() if n.endswith("weight")]
    assert sizes == [(70, 128), (128, 64), (64, 16), (64, 16), (34, 64), (64, 128), (128, 52)]
    conv = loop.build("conv_vae", 52, 0, [0], settings("conv_vae"))
    assert conv.conv1.weight.shape == (1, 16, 1, 3)
    assert conv.conv2.weight.shape == (1, 32, 16, 3)
    assert conv.mean.weight.shape == (1, 32 * 26, 32)
