"""Training on a GPU: what the CPU computes, the same every time, and all of it on the device."""

import numpy as np
import pytest
import torch
from samples import audio_model
from teaching import data, given, settings, widths
from torch.profiler import ProfilerActivity, profile

from hybridmusic import kinds
from hybridmusic.sound.pretrained import Listener
from hybridmusic.training import loop
from shared import devices

pytestmark = [
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU"),
    pytest.mark.usefixtures("deterministic"),
]
SEEDS = [5, 6, 7]
KINDS = kinds.kinds("networks")


@pytest.fixture
def deterministic(monkeypatch):
    """Torch as the workflow sets it up."""
    threads, mode = torch.get_num_threads(), torch.get_deterministic_debug_mode()
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", "")
    devices.prepare(threads=1)
    yield
    torch.set_num_threads(threads)
    torch.set_deterministic_debug_mode(mode)


def trained(kind, device, n=30, **row):
    """History, weights and latent of networks trained on `n` tracks, whose last batch is short."""
    chosen, x, condition = settings(kind, **row), data(n), np.zeros((n, 0))
    network = loop.build(kind, widths(kind, 12), 0, SEEDS, chosen)
    history = loop.train(*(network, x, condition, SEEDS, chosen, device), **given(chosen, x, SEEDS))
    weights = [weight.detach().cpu().numpy() for weight in network.parameters()]
    return history, weights, loop.encode(network, x, condition).latent


@pytest.mark.parametrize("kind", KINDS)
def test_losses_and_latents_are_those_of_the_cpu(kind):
    (history, _, latent), (expected, _, wanted) = trained(kind, "cuda"), trained(kind, "cpu")
    losses = ["reconstruction", "kl", "other"]
    np.testing.assert_allclose(history[losses], expected[losses], rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(latent, wanted, rtol=1e-2, atol=1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_a_replayed_step_is_the_step_to_the_byte(kind, monkeypatch):
    history, weights, _ = trained(kind, "cuda")
    monkeypatch.setattr(loop, "Replayed", lambda step: step)
    expected, wanted, _ = trained(kind, "cuda")
    assert history.equals(expected)
    assert all(map(np.array_equal, weights, wanted))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("replayed", [True, False])
def test_nothing_is_carried_between_host_and_gpu_for_a_batch(kind, replayed, monkeypatch):
    """As many transfers for one batch in an epoch as for eight."""
    if not replayed:
        monkeypatch.setattr(loop, "Replayed", lambda step: step)

    def transfers(batch_size):
        with profile(activities=[ProfilerActivity.CUDA]) as profiled:
            trained(kind, "cuda", n=32, batch_size=batch_size)
        names = [event.name for event in profiled.events()]
        assert any("Memcpy DtoD" in name or "kernel" in name.lower() for name in names)
        return sum("HtoD" in name or "DtoH" in name for name in names)

    trained(kind, "cuda", n=32)
    assert transfers(4) == transfers(32) > 0


def test_rates_and_betas_of_their_own():
    varied = {"beta": [0.5, 1.0, 4.0], "learning_rate": [1e-2, 1e-3, 1e-3]}
    history, expected = (trained("vae", device, **varied)[0] for device in ("cuda", "cpu"))
    np.testing.assert_allclose(history["kl"], expected["kl"], rtol=1e-3)


def test_a_pretrained_model_hears_the_same_on_a_gpu(tmp_path):
    clips = [np.random.default_rng(seed).normal(size=16_000).astype("float32") for seed in (0, 1)]
    folder = audio_model(tmp_path / "model")
    found, expected = (Listener(folder, device).embed(clips, 1) for device in ("cuda", "cpu"))
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)
