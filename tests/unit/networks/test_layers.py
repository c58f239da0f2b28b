"""Layers with one set of weights per seed against plain PyTorch."""

import pytest
import torch
from torch import nn

from hybridmusic.networks._layers import Conv1d, ConvTranspose1d, Linear, TransformerLayer
from hybridmusic.training import loop

pytestmark = pytest.mark.numerical


def test_layers_equal_plain_ones_seed_by_seed():
    draws = loop.generators([3, 4], stream=0)
    x = torch.randn(2, 7, 4, 9)
    conv, up = Conv1d(4, 6, 2, draws), ConvTranspose1d(6, 4, 2, 0, draws)
    linear = Linear(9, 5, draws)
    for s in range(2):
        plain = nn.functional.conv1d(x[s], conv.weight[s], conv.bias[s], stride=2, padding=1)
        torch.testing.assert_close(conv(x)[s], plain)
        back = nn.functional.conv_transpose1d(plain, up.weight[s], up.bias[s], stride=2, padding=1)
        torch.testing.assert_close(up(conv(x))[s], back)
        flat = x[s, :, 0]
        expected = flat @ linear.weight[s] + linear.bias[s]
        torch.testing.assert_close(linear(x[:, :, 0])[s], expected)


def test_a_transformer_layer_equals_pytorchs_seed_by_seed():
    layer = TransformerLayer(12, 3, loop.generators([3, 4], stream=0))
    x = torch.randn(2, 5, 7, 12)
    for s in range(2):
        plain = nn.TransformerEncoderLayer(12, 3, 24, 0.0, batch_first=True, norm_first=True)
        pairs = {
            "self_attn.out_proj.": layer.join,
            "linear1.": layer.widen,
            "linear2.": layer.narrow,
        }
        weights = {name + "weight": own.weight[s].T for name, own in pairs.items()}
        biases = {name + "bias": own.bias[s, 0] for name, own in pairs.items()}
        project = {"self_attn.in_proj_weight": layer.project[s].T}
        # Its normalisations have weights, which begin as ones and zeros, and this bias as zeros.
        plain.load_state_dict(plain.state_dict() | weights | biases | project)
        torch.testing.assert_close(layer(x)[s], plain(x[s]), rtol=1e-4, atol=1e-5)


def test_weights_are_drawn_as_pytorch_draws_them():
    drawn = Linear(100, 2000, loop.generators([0], stream=0)).weight.detach()
    plain = nn.Linear(100, 2000).weight.detach()
    assert drawn.abs().max() <= 0.1
    assert drawn.std().item() == pytest.approx(plain.std().item(), rel=0.01)
