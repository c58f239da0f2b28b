"""Adaptive fusion against its formulas, and with modalities of noise."""

import numpy as np
import pytest
import torch

from hybridmusic import kinds
from hybridmusic.networks._objective import Batch
from hybridmusic.training import loop

pytestmark = pytest.mark.numerical


def two_views(text_noise=False, audio_noise=False, audio_width=20, text_width=40, n=500):
    """Two modalities of four common factors, standardised, one of them perhaps noise."""
    draws = np.random.default_rng(0)
    factors = draws.normal(size=(n, 4))
    views = []
    for width, noise in ((audio_width, audio_noise), (text_width, text_noise)):
        signal = 0 if noise else factors @ draws.normal(size=(4, width))
        view = signal + draws.normal(size=(n, width))
        views.append((view - view.mean(axis=0)) / view.std(axis=0))
    return views


def fused(views):
    """Return the mean attention of eight seeds and all tracks to each view, (views,)."""
    x, condition, seeds = np.hstack(views), np.zeros((len(views[0]), 0)), list(range(8))
    chosen = kinds.settings("networks", "adaptive_fusion", {"epochs": 30})
    sizes = [view.shape[1] for view in views]
    network = loop.build("adaptive_fusion", sizes, 0, seeds, chosen)
    loop.train(network, x, condition, seeds, chosen)
    return loop.attention(network, x).mean(axis=(0, 1))


def test_attention_leaves_a_modality_that_is_noise():
    # One of 20 seeds gives audio 0.32 ± 0.02 and text 0.68 ± 0.02, text of noise 0.14 ± 0.01 and
    # audio of noise 0.10 ± 0.01.
    audio, text = fused(two_views())
    assert min(audio, text) > 0.25
    assert fused(two_views(text_noise=True))[1] < min(0.25, text - 0.2)
    assert fused(two_views(audio_noise=True))[0] < min(0.25, audio - 0.1)


def test_many_features_of_noise_weigh_no_more_than_few():
    # One of 20 seeds gives 0.21 ± 0.02, so the mean of eight deviates by 0.007.
    assert fused(two_views(text_noise=True, text_width=200))[1] < 0.25


def test_fusion_minimises_what_its_docstring_says():
    """The loss rebuilt with numpy for one track of one seed, hidden as the noise says."""
    chosen = kinds.settings("networks", "adaptive_fusion", {"hidden": [5], "latent": 3})
    network = loop.build("adaptive_fusion", [4, 6], 0, [0, 1], chosen).double()
    x, noise = torch.randn(2, 1, 10).double(), torch.randn(2, 1, 10).double()
    weight = {name: w[1].detach().numpy() for name, w in network.named_parameters()}

    def linear(v, name):
        return v @ weight[f"{name}.weight"] + weight[f"{name}.bias"][0]

    track, hidden = x[1, 0].numpy(), noise[1, 0].numpy() > 0
    left = np.where(hidden, 0, 2 * track)
    parts = (slice(0, 4), slice(4, 10))
    codes = [
        linear(np.maximum(linear(left[part], f"encoders.{m}.0"), 0), f"codes.{m}")
        for m, part in enumerate(parts)
    ]
    logits = linear(np.maximum(linear(np.concatenate(codes), "gate.0"), 0), "logits")
    attention = np.exp(logits) / np.exp(logits).sum()
    squared = [(linear(code, "output") - track) ** 2 * hidden * 2 for code in codes]
    errors = np.array([np.mean([s[part].mean() for part in parts]) for s in squared])
    error, kl, other = network.loss(Batch(x, x[:, :, :0], noise))
    assert other.tolist() == [0, 0]
    assert error[1].item() == pytest.approx(10 * attention @ errors)
    assert kl[1].item() == pytest.approx(attention @ np.log(2 * attention))
    assert network.beta == pytest.approx(0.1 * 10)
    # The mixture's own error is at most the mixture of the errors, for the decoder is linear.
    mixed = (linear(attention @ np.stack(codes), "output") - track) ** 2 * hidden * 2
    assert np.mean([mixed[part].mean() for part in parts]) <= attention @ errors
    z = network.encode(x, torch.zeros(2, 1, 0))[0]
    torch.testing.assert_close(network.attention(x).sum(dim=2), torch.ones(2, 1).double())
    assert z.shape == (2, 1, 3)
