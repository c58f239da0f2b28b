"""Adam (Kingma and Ba 2015) with a learning rate for each of the networks that train together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import torch
from torch import Tensor, nn
from torch.optim.adam import adam

DEFAULTS = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0}


class Adam:
    """`torch.optim.Adam` at its defaults, with several learning rates.

    Torch has one rate per tensor, so adjacent networks with the same rate are stepped as one view
    of the weights. Torch's class would import its compiler, which takes as long as training some
    networks.

    Parameters
    ----------
    network : whose first axis of every weight is the network of the batch
    rates : learning rates, one for each network of the batch
    """

    def __init__(self, network: nn.Module, rates: Sequence[float]):
        self._weights = list(network.parameters())
        runs = [(rate, len(list(run))) for rate, run in groupby(rates)]
        self._lengths = [length for _, length in runs]
        parts = zip(*(self._by_rate(weight.detach()) for weight in self._weights), strict=True)
        self._groups = [_Group(rate, views) for (rate, _), views in zip(runs, parts, strict=True)]

    def zero_grad(self) -> None:
        """Clear the gradients of all weights."""
        for weight in self._weights:
            weight.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Update all weights by their gradients."""
        gradients = zip(*(self._by_rate(weight.grad) for weight in self._weights), strict=True)
        for group, views in zip(self._groups, gradients, strict=True):
            group.step(list(views))

    def _by_rate(self, tensor: Tensor) -> Sequence[Tensor]:
        return tensor.split(self._lengths) if len(self._lengths) > 1 else (tensor,)


class _Group:
    """Weights of one learning rate, and the moments of their gradients."""

    def __init__(self, rate: float, weights: Sequence[Tensor]):
        self.rate, self.weights = rate, list(weights)
        self.means, self.squares = ([torch.zeros_like(w) for w in weights] for _ in range(2))
        self.steps = [torch.zeros((), device=weight.device) for weight in weights]

    def step(self, gradients: list[Tensor]) -> None:
        adam(
            *(self.weights, gradients, self.means, self.squares, [], self.steps),
            **DEFAULTS,
            lr=self.rate,
            amsgrad=False,
            maximize=False,
            fused=True,
        )
