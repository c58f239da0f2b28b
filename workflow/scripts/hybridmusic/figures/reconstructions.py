"""Draw Figure 2: tracks and their reconstructions by each network."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from hybridmusic.figures import palette
from hybridmusic.sound.features import N_MFCC


def choose(errors: np.ndarray, n: int) -> np.ndarray:
    """Return the rows of `n` tracks from easy to hard, by their mean error over the networks.

    `errors` is (networks, tracks). The tracks are spread evenly between the 10th and the 90th
    percentile, so that none is picked by hand; a single track is the median.
    """
    order = np.argsort(errors.mean(axis=0), kind="stable")
    places = np.linspace(0.1, 0.9, n) if n > 1 else np.array([0.5])
    return order[np.round(places * (len(order) - 1)).astype(int)]


def draw(
    x: np.ndarray,
    reconstructions: dict[str, np.ndarray],
    titles: list[str],
    positions: dict[str, float],
) -> Figure:
    """Draw one row per track: the original, then each network's reconstruction over it.

    `x` and the reconstructions, by the network's label, are (rows, features); `titles` are of the
    rows, and `positions` ticks of the feature axis by their text.
    """
    columns, height = 1 + len(reconstructions), 1.45 * len(x) + 0.5
    figure, axes = palette.panels(len(x), columns, height, sharex=True, sharey="row")
    place = np.arange(x.shape[1])
    for row, (original, title) in enumerate(zip(x, titles, strict=True)):
        axes[row, 0].plot(place, original, color="black", linewidth=0.9)
        axes[row, 0].set_title("Original" if row == 0 else "", loc="left")
        axes[row, 0].set_ylabel(title)
        for column, (label, reconstructed) in enumerate(reconstructions.items(), start=1):
            error = np.mean((original - reconstructed[row]) ** 2)
            ax = axes[row, column]
            ax.plot(place, original, color=palette.NOISE, linewidth=1.6)
            shade = palette.COLOURS[(column - 1) % len(palette.COLOURS)]
            ax.plot(place, reconstructed[row], color=shade, linewidth=0.9)
            ax.set_title(f"{label}: MSE {error:.3f}", loc="left")
    for ax in axes.flat:
        ax.set_xlim(0, x.shape[1] - 1)
        ax.set_xticks(list(positions.values()), list(positions))
    figure.supxlabel("Feature (grey: the original)", fontsize=8)
    figure.supylabel("Standardised value", fontsize=8)
    return figure


def ticks(n_features: int, of_mfcc: bool) -> dict[str, float]:
    """Return the place of every third MFCC by its text, or round numbers for other features."""
    if not of_mfcc:
        return {str(place): place for place in range(0, n_features, max(1, n_features // 4))}
    per_coefficient = n_features // N_MFCC
    numbers = range(1, 1 + n_features // per_coefficient, 3)
    names = [f"MFCC {number}" if number == 1 else str(number) for number in numbers]
    return {name: (n - 1) * per_coefficient for name, n in zip(names, numbers, strict=True)}


def shortened(text: str, length: int) -> str:
    """Return `text` on one line, cut in its middle if it is longer than `length`."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    return text[: length // 2] + "…" + text[-(length - length // 2 - 1) :]
