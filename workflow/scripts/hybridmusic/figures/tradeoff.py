"""Reconstruction against agreement with genre (paper, section 5.3), over networks and over beta."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hybridmusic.figures import palette

ERROR = "Squared error of held-out songs\n(share of that of predicting the mean)"
NOTHING = "There are no genres to agree with."


def draw(networks: dict[str, pd.DataFrame], grid: pd.DataFrame) -> Figure:
    """Left the configured networks, right the tuned ones; a small point for each seed.

    Parameters
    ----------
    networks : by label, `error` and `nmi` of each network, a row per seed
    grid : `latent`, `beta`, `error` and `nmi`, a row per seed

    See `hybridmusic.studies.tradeoff` for what they hold. Large points are means over seeds, and so
    are the boxes with beta in them, which lines join from the smallest beta to the largest.
    """
    palette.use()
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(palette.PAGE_WIDTH, 3.6), layout="constrained"
    )
    for number, (label, seeds) in enumerate(networks.items()):
        _seeds(left, seeds, number)
        means = seeds[["error", "nmi"]].mean().to_frame().T
        _seeds(left, means, number, s=36, alpha=1, label=label)
    for number, (latent, seeds) in enumerate(grid.groupby("latent")):
        _seeds(right, seeds, number, label=f"latent size {latent}")
        means = seeds.groupby("beta")[["error", "nmi"]].mean()
        right.plot(means["error"], means["nmi"], color=palette.colour(number), linewidth=1)
        box = {"boxstyle": "round,pad=0.2", "facecolor": "white"}
        box |= {"edgecolor": palette.colour(number), "linewidth": 0.9}
        for beta, error, nmi in means.itertuples():
            right.text(error, nmi, f"{beta:g}", fontsize=6, ha="center", va="center", bbox=box)
    left.set_title("(a) Configured networks, all tracks clustered", loc="left")
    right.set_title("(b) Tuned VAEs by β, held-out songs clustered", loc="left")
    for ax, is_empty in ((left, not networks), (right, grid.empty)):
        ax.set(xlabel=ERROR, ylabel="NMI of K-Means with genre")
        ax.spines[["top", "right"]].set_visible(False)
        ax.margins(0.1)
        if is_empty:
            ax.set(xticks=[], yticks=[])
            ax.text(0.5, 0.5, NOTHING, transform=ax.transAxes, ha="center", va="center")
        else:
            ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.24), ncols=2, frameon=False)
    return figure


def _seeds(ax: Axes, rows: pd.DataFrame, number: int, **look) -> None:
    """A point for each row, in the colour and of the shape of the `number`-th network."""
    shape = palette.shape(number)
    look = {"s": 10, "alpha": 0.55, "linewidths": 0} | look
    ax.scatter(rows["error"], rows["nmi"], color=palette.colour(number), marker=shape, **look)
