"""Draw scores of held-out songs over beta: reconstruction, KL divergence, agreement with genre."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hybridmusic.figures import palette

SCORES = (
    ("reconstruction", "MSE per feature"),
    ("kl", "KL (nats per track)"),
    ("nmi", "NMI with genre"),
)
DODGE = 0.07  # of the step from one beta to the next


def draw(grid: pd.DataFrame) -> Figure:
    """Draw one panel per score over beta, one line per latent size; dashes are seeds.

    `grid` is of the kind `tuning` with one learning rate for each latent size and beta. Lines are
    means over seeds, bars their deviation. Agreement with genre is left out where no genre is
    known.
    """
    scores = [score for score in SCORES if grid[score[0]].notna().any()]
    figure, axes = palette.panels(1, len(scores), 2.5)
    betas, latents = sorted(grid["beta"].unique()), sorted(grid["latent"].unique())
    for letter, (score, name), ax in zip("abc", scores, axes[0], strict=False):
        for number, latent in enumerate(latents):
            by_beta = grid[grid["latent"] == latent].groupby("beta")[score]
            mean, spread = by_beta.mean().loc[betas], by_beta.std().loc[betas].fillna(0)
            places = np.arange(len(betas)) + DODGE * (number - (len(latents) - 1) / 2)
            shade = palette.COLOURS[number]
            for place, beta in zip(places, betas, strict=True):
                seeds = by_beta.get_group(beta)
                ax.plot([place] * len(seeds), seeds, "_", color=shade, markersize=3, alpha=0.6)
            look = palette.LINE | {"color": shade, "marker": palette.MARKERS[number]}
            ax.errorbar(places, mean, spread, label=f"latent size {latent}", **look)
        ax.set_title(f"({letter}) {name}", loc="left")
        ax.set_xticks(range(len(betas)), [f"{beta:g}" for beta in betas])
        ax.margins(x=0.12)
    figure.supxlabel("β", fontsize=8)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=8, frameon=False)
    return figure
