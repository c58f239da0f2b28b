"""The Transformer reads tokens in order."""

import numpy as np
import pytest
import torch
from teaching import settings

from hybridmusic.training import loop

pytestmark = pytest.mark.numerical


def test_a_transformer_reads_its_tokens_in_their_order():
    """Two tokens that are exchanged are another track, unless there are no positions."""
    chosen = settings("transformer_vae", tokens=4)
    network = loop.build("transformer_vae", 12, 0, [0, 1], chosen)
    x = torch.randn(2, 9, 12)
    exchanged = x.unflatten(2, (4, 3))[:, :, [1, 0, 2, 3]].flatten(2)

    def gap():
        return (network.encode(x, None)[0] - network.encode(exchanged, None)[0]).abs().max().item()

    assert gap() > 1e-3
    with torch.no_grad():
        network.position.zero_()
    assert gap() < 1e-5


def test_a_transformer_learns_how_windows_go_on():
    """Windows that follow a level and a slope are rebuilt better than by their level alone."""
    draws = np.random.default_rng(0)
    level, slope = draws.normal(size=(2, 200, 1, 1))
    x = (level + slope * np.linspace(-1, 1, 6)[:, None] + np.zeros(3)).reshape(200, 18)
    pace = {"epochs": 80, "batch_size": 32, "learning_rate": 0.003}
    chosen = settings("transformer_vae", tokens=6, latent=4, beta=0.01, **pace)
    network = loop.build("transformer_vae", 18, 0, [0, 1], chosen)
    history = loop.train(network, x.astype(np.float32), np.zeros((200, 0)), [0, 1], chosen)
    error = history.groupby("epoch")["reconstruction"].mean()
    by_level = (x - x.mean(axis=1, keepdims=True)).var()
    # Over 20 seeds it falls from 1.1 ± 0.1 to 0.008 ± 0.004; half of the error by level is 0.25.
    assert error.iloc[-1] < by_level / 2 < error.iloc[0]
