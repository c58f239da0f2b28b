"""Layers that hold one set of weights per seed, so that all seeds train as one network.

Tensors are (seeds, batch, ...). A seed's weights are drawn from its own generator with PyTorch's
default distribution, so its network does not depend on the other seeds.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

Draws = list[torch.Generator]  # one for each seed, which its weights are drawn from


def drawn(shape: tuple[int, ...], fan_in: int, draws: Draws) -> nn.Parameter:
    """Draw one tensor per generator, uniform within 1 / sqrt(fan_in), and stack them."""
    bound = 1 / math.sqrt(fan_in)
    members = [torch.empty(shape).uniform_(-bound, bound, generator=draw) for draw in draws]
    return nn.Parameter(torch.stack(members))


class Linear(nn.Module):
    """(seeds, batch, ..., n_in) -> (seeds, batch, ..., n_out)."""

    def __init__(self, n_in: int, n_out: int, draws: Draws):
        super().__init__()
        self.weight = drawn((n_in, n_out), n_in, draws)
        self.bias = drawn((1, n_out), n_in, draws)

    def forward(self, x: Tensor) -> Tensor:
        return torch.baddbmm(self.bias, x.flatten(1, -2), self.weight).unflatten(1, x.shape[1:-1])


class Conv1d(nn.Module):
    """(seeds, batch, n_in, length) -> (seeds, batch, n_out, length'), padded by 1, kernel 3."""

    def __init__(self, n_in: int, n_out: int, stride: int, draws: Draws):
        super().__init__()
        self.stride = stride
        self.weight = drawn((n_out, n_in, 3), n_in * 3, draws)
        self.bias = drawn((n_out,), n_in * 3, draws)

    def forward(self, x: Tensor) -> Tensor:
        # One group of channels per seed: a single convolution serves them all.
        grouped = functional.conv1d(
            x.transpose(0, 1).flatten(1, 2),
            self.weight.flatten(0, 1),
            self.bias.flatten(),
            stride=self.stride,
            padding=1,
            groups=len(x),
        )
        return grouped.unflatten(1, (len(x), -1)).transpose(0, 1)


class ConvTranspose1d(nn.Module):
    """The transpose of Conv1d; `output_padding` is 0 for odd and 1 for even lengths."""

    def __init__(self, n_in: int, n_out: int, stride: int, output_padding: int, draws: Draws):
        super().__init__()
        self.stride, self.output_padding = stride, output_padding
        self.weight = drawn((n_in, n_out, 3), n_out * 3, draws)
        self.bias = drawn((n_out,), n_out * 3, draws)

    def forward(self, x: Tensor) -> Tensor:
        grouped = functional.conv_transpose1d(
            x.transpose(0, 1).flatten(1, 2),
            self.weight.flatten(0, 1),
            self.bias.flatten(),
            stride=self.stride,
            padding=1,
            output_padding=self.output_padding,
            groups=len(x),
        )
        return grouped.unflatten(1, (len(x), -1)).transpose(0, 1)


class TransformerLayer(nn.Module):
    """Self-attention and a perceptron over tokens, (seeds, batch, tokens, width) -> the same.

    Each adds to its normalised input (Xiong et al. 2020). The normalisation has no weights, because
    the linear layer after it has as many. Queries, keys and values have no bias: a bias of keys
    would have no effect and drift by rounding, and a bias of values is in `join`.
    """

    def __init__(self, width: int, heads: int, draws: Draws):
        super().__init__()
        self.heads = heads
        self.project = drawn((width, 3 * width), width, draws)
        self.join = Linear(width, width, draws)
        self.widen = Linear(width, 2 * width, draws)
        self.narrow = Linear(2 * width, width, draws)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.join(self._attended(_normalised(x)))
        return x + self.narrow(torch.relu(self.widen(_normalised(x))))

    def _attended(self, x: Tensor) -> Tensor:
        """Return each head's mean of all tokens' values, weighted by their keys and the query."""
        projected = torch.bmm(x.flatten(1, 2), self.project).unflatten(1, x.shape[1:3])
        heads = projected.unflatten(3, (3, self.heads, -1))
        query, key, value = heads.permute(3, 0, 1, 4, 2, 5)
        fit = query @ key.transpose(3, 4) / math.sqrt(query.shape[-1])
        return (fit.softmax(dim=4) @ value).transpose(2, 3).flatten(3)


def _normalised(x: Tensor) -> Tensor:
    """Scale the last axis to zero mean and unit variance."""
    return functional.layer_norm(x, x.shape[-1:])


def perceptron(sizes: list[int], draws: Draws) -> nn.Sequential:
    """Return linear layers of these sizes, each followed by a ReLU."""
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(sizes):
        layers += [Linear(n_in, n_out, draws), nn.ReLU()]
    return nn.Sequential(*layers)
