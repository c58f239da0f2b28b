"""Stop training at a plateau: keep each network as it was at its best epoch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from torch import Tensor, nn


class EarlyStopping:
    """Watch an ensemble by a score, and stop once no network has improved for long enough.

    Every network stops separately: its best epoch is final once it has not improved for `patience`
    epochs, although it is trained on with the others. Call it with the number of each epoch.

    Parameters
    ----------
    network : a batch of networks, the first axis of whose weights is theirs
    score : returns the present scores, (networks,), higher is better
    patience : epochs

    Attributes
    ----------
    epochs : best epoch of each network so far, (networks,); 0 before the first
    stopped : (networks,) of bool
    weights : of each network at its best epoch, as in `network.state_dict()`
    """

    def __init__(self, network: nn.Module, score: Callable[[], np.ndarray], patience: int):
        self.network, self.score, self.patience = network, score, patience
        self.weights = copied(network)
        n_networks = len(next(iter(self.weights.values())))
        self.best = np.full(n_networks, -np.inf)
        self.epochs = np.zeros(n_networks, dtype=int)
        self.stopped = np.zeros(n_networks, dtype=bool)

    def __call__(self, epoch: int) -> bool:
        """Keep the networks that improved in an epoch; return whether all have stopped."""
        scores = self.score()
        # The score of a network that diverged is NaN, which is no improvement.
        improved = (scores > self.best) & ~self.stopped
        self.best[improved], self.epochs[improved] = scores[improved], epoch
        for name, weight in self.network.state_dict().items():
            self.weights[name][improved] = weight[improved]
        self.stopped |= epoch - self.epochs >= self.patience
        return bool(self.stopped.all())


def copied(network: nn.Module) -> dict[str, Tensor]:
    """Return a copy of a network's weights that training does not change."""
    return {name: weight.clone() for name, weight in network.state_dict().items()}
