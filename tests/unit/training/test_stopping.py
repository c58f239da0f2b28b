"""Networks of an ensemble stop separately, each at its best epoch."""

import numpy as np
import pytest
import torch
from torch import nn

from hybridmusic.training.stopping import EarlyStopping


def watched(scores, patience):
    """Watch networks whose only weight is the epoch, and return the watch and when it ended."""
    network = nn.Linear(1, scores.shape[1], bias=False)
    epochs = iter(scores)
    watch = EarlyStopping(network, lambda: next(epochs), patience)
    for epoch in range(1, len(scores) + 1):
        nn.init.constant_(network.weight, epoch)
        if watch(epoch):
            break
    return watch, epoch


def test_each_network_keeps_the_weights_of_its_best_epoch():
    scores = np.array([[1, 1], [3, 2], [2, 3], [1, 4], [9, 3], [9, 3], [9, 9]], dtype=float)
    watch, end = watched(scores, patience=2)
    # The first stops after epoch 4, and what it does later does not count.
    assert end == 6
    assert watch.epochs.tolist() == [2, 4]
    assert watch.best.tolist() == [3, 4]
    assert watch.stopped.all()
    torch.testing.assert_close(watch.weights["weight"], torch.tensor([[2.0], [4.0]]))


def test_a_network_that_improves_until_the_end_has_not_stopped():
    watch, end = watched(np.column_stack([np.arange(8.0), np.ones(8)]), patience=3)
    assert end == 8
    assert watch.stopped.tolist() == [False, True]
    assert watch.epochs.tolist() == [8, 1]


@pytest.mark.parametrize("patience", [1, 3])
def test_a_network_that_diverges_keeps_its_last_good_weights(patience):
    scores = np.array([[1.0], *[[np.nan]] * 5])
    watch, end = watched(scores, patience)
    assert (end, watch.epochs[0], watch.best[0]) == (1 + patience, 1, 1)
