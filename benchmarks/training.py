"""Time the training of networks: all seeds together against one by one, as in a notebook.

    make bench-training BENCH_ARGS="--seeds 20 --epochs 3 --rounds 5"

On one core; and, if there is a GPU, on that too, with its losses compared with the CPU's.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import timing
from hybridmusic import kinds
from hybridmusic.training import loop
from shared import devices

SAVED = Path("results/benchmarks/training.json")
FEATURES, BATCH, RATE = 52, 64, 1e-3
HIDDEN, CHANNELS, LATENT = [64, 32], [16, 32], 16
GRID = {"latent": [8, 16, 32], "beta": [1.0, 2.0, 4.0], "learning_rate": [1e-3, 5e-4]}


class Plain(nn.Module):
    """A VAE as in a notebook; its encoder gives `width` values."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module, width: int):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.mean, self.log_variance = nn.Linear(width, LATENT), nn.Linear(width, LATENT)

    def loss(self, x: torch.Tensor) -> torch.Tensor:
        """Return the sum of squared error and KL divergence."""
        h = self.encoder(x)
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance)
        kl = -0.5 * (1 + log_variance - mean**2 - log_variance.exp()).sum()
        return functional.mse_loss(self.decoder(z), x, reduction="sum") + kl


def linear() -> Plain:
    """Build the paper's basic VAE."""
    first, second = HIDDEN
    encoder = nn.Sequential(
        *(nn.Linear(FEATURES, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU())
    )
    decoder = nn.Sequential(
        *(nn.Linear(LATENT, second), nn.ReLU(), nn.Linear(second, first), nn.ReLU()),
        nn.Linear(first, FEATURES),
    )
    return Plain(encoder, decoder, second)


def convolutional() -> Plain:
    """Build the paper's convolutional VAE."""
    narrow, wide = CHANNELS
    length = FEATURES // 2
    encoder = nn.Sequential(
        nn.Unflatten(1, (1, FEATURES)),
        *(nn.Conv1d(1, narrow, 3, padding=1), nn.ReLU()),
        *(nn.Conv1d(narrow, wide, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten()),
    )
    decoder = nn.Sequential(
        *(nn.Linear(LATENT, wide * length), nn.Unflatten(1, (wide, length))),
        nn.ConvTranspose1d(wide, narrow, 3, stride=2, padding=1, output_padding=1),
        *(nn.ReLU(), nn.ConvTranspose1d(narrow, 1, 3, padding=1), nn.Flatten()),
    )
    return Plain(encoder, decoder, wide * length)


PLAIN = {"vae": linear, "conv_vae": convolutional}
OWN = {"vae": {"hidden": HIDDEN}, "conv_vae": {"channels": CHANNELS}}


def one_by_one(kind: str, x: torch.Tensor, seeds: list[int], epochs: int) -> None:
    """Train a plain network for every seed, one after the other, on the device of `x`."""
    for seed in seeds:
        torch.manual_seed(seed)
        network = PLAIN[kind]().to(x.device)
        optimiser = torch.optim.Adam(network.parameters(), lr=RATE)
        for _ in range(epochs):
            for rows in torch.randperm(len(x), device=x.device).split(BATCH):
                optimiser.zero_grad()
                network.loss(x[rows]).backward()
                optimiser.step()
    if x.is_cuda:
        torch.cuda.synchronize()


def together(
    kind: str, x: np.ndarray, seeds: list[int], epochs: int, device: str = "cpu", **settings
) -> np.ndarray:
    """Train all seeds as the workflow does; return the last epoch's errors, (seeds,)."""
    row = {"epochs": epochs, "batch_size": BATCH, "latent": LATENT, **OWN[kind], **settings}
    settings = kinds.settings("networks", kind, row)
    network = loop.build(kind, FEATURES, 0, seeds, settings)
    nothing = np.zeros((len(x), 0))
    history = loop.train(network, x, nothing, seeds, settings, device)
    if device == "cuda":
        torch.cuda.synchronize()
    return history.loc[history["epoch"] == epochs, "reconstruction"].to_numpy()


def ensembles(
    x: np.ndarray, seeds: list[int], epochs: int, rounds: int, device: str = "cpu"
) -> list[dict]:
    """Compare training all seeds together with training them one by one.

    Times are wall-clock on a GPU, and CPU time otherwise.
    """
    rows, given = [], torch.from_numpy(x).to(device)
    clock = time.process_time if device == "cpu" else time.perf_counter
    where = "" if device == "cpu" else ", both on a GPU"
    for kind in PLAIN:
        ways = {
            "alone": lambda kind=kind: one_by_one(kind, given, seeds, epochs),
            "together": lambda kind=kind: together(kind, x, seeds, epochs, device),
        }
        seconds = timing.alternate(ways, rounds, clock=clock)
        ratios = timing.ratios(seconds["alone"], seconds["together"])
        rows.append(
            timing.row(f"times as fast, {len(seeds)} seeds of {kind} together{where}", ratios)
        )
    return rows


def grid(x: np.ndarray, epochs: int, rounds: int) -> list[dict]:
    """Measure the CPU time of the tuning grid with five seeds, scaled to 50 epochs."""
    pairs = [(beta, rate) for beta in GRID["beta"] for rate in GRID["learning_rate"]]
    betas, rates = zip(*(pair for pair in pairs for _ in range(5)), strict=True)
    seeds = list(range(5)) * len(pairs)

    def whole() -> None:
        for latent in GRID["latent"]:
            varied = {"beta": list(betas), "learning_rate": list(rates), "latent": latent}
            together("vae", x, seeds, epochs, **varied)

    seconds = timing.alternate({"grid": whole}, rounds, clock=time.process_time)["grid"]
    scaled = [50 / epochs * value for value in seconds]
    return [timing.row("s of CPU for the tuning grid with five seeds", scaled)]


def on_gpu(x: np.ndarray, seeds: list[int], epochs: int, rounds: int) -> list[dict]:
    """Compare a GPU with one core: time, and relative difference of losses."""
    rows = []
    for kind in PLAIN:
        losses = {
            device: together(kind, x, seeds, epochs, device=device) for device in ("cpu", "cuda")
        }
        apart = np.abs(losses["cuda"] / losses["cpu"] - 1)
        ways = {
            device: lambda kind=kind, device=device: together(kind, x, seeds, epochs, device)
            for device in losses
        }
        seconds = timing.alternate(ways, rounds)
        ratios = timing.ratios(seconds["cpu"], seconds["cuda"])
        rows.append(timing.row(f"times as fast, {len(seeds)} seeds of {kind} on a GPU", ratios))
        rows.append(timing.row(f"difference of its losses, {kind}, in millionths", 1e6 * apart))
    return rows


def songs(tracks: int) -> np.ndarray:
    """Make up standardised features, (tracks, 52): mixtures of a few causes, with noise."""
    random = np.random.default_rng(0)
    causes = random.normal(size=(tracks, 8)) @ random.normal(size=(8, FEATURES))
    x = np.tanh(causes) + 0.3 * random.normal(size=causes.shape)
    return ((x - x.mean(axis=0)) / x.std(axis=0)).astype(np.float32)


def main() -> None:
    """Run the benchmark, and print and save its table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tracks", type=int, default=2000, help="(default: 2000)")
    parser.add_argument("--seeds", type=int, default=20, help="(default: 20)")
    parser.add_argument("--epochs", type=int, default=2, help="of each training (default: 2)")
    parser.add_argument("--rounds", type=int, default=5, help="how often (default: 5)")
    chosen = parser.parse_args()
    devices.prepare(threads=1)
    x, seeds = songs(chosen.tracks), list(range(chosen.seeds))
    rows = ensembles(x, seeds, chosen.epochs, chosen.rounds) + grid(x, chosen.epochs, chosen.rounds)
    if torch.cuda.is_available():
        # More epochs, so that a GPU's start counts as little as in a real training.
        longer = 5 * chosen.epochs
        rows += ensembles(x, seeds, longer, chosen.rounds, "cuda")
        rows += on_gpu(x, seeds, longer, chosen.rounds)
    else:
        print("No GPU: its measures are left out.")
    timing.report(rows, SAVED)


if __name__ == "__main__":
    main()
