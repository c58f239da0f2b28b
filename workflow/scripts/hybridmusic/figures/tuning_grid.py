"""Draw the tuning grid as heat maps: the ELBO of held-out songs, and agreement with genre."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from hybridmusic.figures import palette

# Score, name, decimals, and whether the best of each beta is framed rather than the best of all.
SCORES = (("elbo", "ELBO (nats per track)", 1, True), ("nmi", "NMI with genre", 3, False))
COLOURS = "cividis"


def draw(grid: pd.DataFrame) -> Figure:
    """Draw a row of heat maps for each score, latent size by beta for every learning rate.

    `grid` is a table of the kind `tuning`. Cells hold the mean over seeds and, with several seeds,
    their standard deviation. Agreement with genre is left out where no genre is known.
    """
    scores = [score for score in SCORES if grid[score[0]].notna().any()]
    rates = sorted(grid["learning_rate"].unique(), reverse=True)
    height = len(scores) * (0.75 + 0.42 * grid["latent"].nunique())
    figure, axes = palette.panels(len(scores), len(rates), height, sharex=True, sharey=True)
    for row, (score, name, decimals, per_beta) in zip(axes, scores, strict=True):
        cells = grid.groupby(["learning_rate", "latent", "beta"])[score].agg(["mean", "std"])
        low, high = cells["mean"].min(), cells["mean"].max()
        best = cells["mean"].groupby("beta").idxmax() if per_beta else [cells["mean"].idxmax()]
        for ax, rate in zip(row, rates, strict=True):
            of_rate = cells.loc[rate]
            means, spread = of_rate["mean"].unstack("beta"), of_rate["std"].unstack("beta")
            image = ax.imshow(means, cmap=COLOURS, vmin=low, vmax=high, aspect="auto")
            for (y, x), mean in np.ndenumerate(means.to_numpy()):
                text = f"{mean:.{decimals}f}"
                if np.isfinite(spread.iloc[y, x]):
                    text += f"\n±{spread.iloc[y, x]:.{decimals}f}"
                shade = "white" if mean < (low + high) / 2 else "black"
                text = text.replace("-", "−")
                ax.text(x, y, text, ha="center", va="center", color=shade, fontsize=6.5)
                if (rate, means.index[y], means.columns[x]) in set(best):
                    ax.add_patch(_frame(x, y))
            ax.set_xticks(range(means.shape[1]), [f"{beta:g}" for beta in means.columns])
            ax.set_yticks(range(means.shape[0]), [str(latent) for latent in means.index])
            ax.set_title(f"Learning rate {rate:g}" if ax in axes[0] else "", loc="left")
            ax.tick_params(length=0)
            ax.spines[:].set_visible(False)
        figure.colorbar(image, ax=row, label=name, pad=0.01).outline.set_visible(False)
    figure.supxlabel("β", fontsize=8)
    figure.supylabel("Latent size", fontsize=8)
    return figure


def _frame(x: int, y: int) -> Rectangle:
    """Return a frame just inside a cell, where the cells around it do not cover it."""
    return Rectangle(
        (x - 0.47, y - 0.45), 0.94, 0.9, fill=False, edgecolor=palette.COLOURS[3], linewidth=1.8
    )
