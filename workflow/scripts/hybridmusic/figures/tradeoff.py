"""Draw reconstruction against agreement with genre (paper, section 5.3)."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hybridmusic.figures import palette

ERROR = "Squared error of held-out songs\n(share of that of predicting the mean)"
NOTHING = "There are no genres to agree with."


def draw(networks: dict[str, pd.DataFrame], grid: pd.DataFrame | None) -> Figure:
    """Draw the configured networks, and to their right the tuned ones, `grid`, if there are any.

    A small point is a seed, a large one a mean over seeds. Boxes with a beta are means, too; lines
    join them from the smallest beta to the largest. `hybridmusic.studies.tradeoff` makes the
    frames.
    """
    panels = 1 if grid is None else 2
    figure, axes = palette.panels(1, panels, 3.6, palette.PAGE_WIDTH * panels / 2)
    _draw_networks(axes[0, 0], networks)
    if grid is not None:
        _draw_grid(axes[0, 1], grid)
    return figure


def _draw_networks(ax: Axes, networks: dict[str, pd.DataFrame]) -> None:
    for number, (label, seeds) in enumerate(networks.items()):
        _seeds(ax, seeds, number)
        means = seeds[["error", "nmi"]].mean().to_frame().T
        _seeds(ax, means, number, s=36, alpha=1, label=label)
    _finish(ax, "(a) Configured networks, all tracks clustered", not networks)


def _draw_grid(ax: Axes, grid: pd.DataFrame) -> None:
    for number, (latent, seeds) in enumerate(grid.groupby("latent")):
        _seeds(ax, seeds, number, label=f"latent size {latent}")
        means = seeds.groupby("beta")[["error", "nmi"]].mean()
        ax.plot(means["error"], means["nmi"], color=palette.colour(number), linewidth=1)
        box = {"boxstyle": "round,pad=0.2", "facecolor": "white"}
        box |= {"edgecolor": palette.colour(number), "linewidth": 0.9}
        for beta, error, nmi in means.itertuples():
            ax.text(error, nmi, f"{beta:g}", fontsize=6, ha="center", va="center", bbox=box)
    _finish(ax, "(b) Tuned VAEs by β, held-out songs clustered", grid.empty)


def _finish(ax: Axes, title: str, is_empty: bool) -> None:
    ax.set_title(title, loc="left")
    ax.set(xlabel=ERROR, ylabel="NMI of K-Means with genre")
    ax.margins(0.1)
    if is_empty:
        ax.set(xticks=[], yticks=[])
        ax.text(0.5, 0.5, NOTHING, transform=ax.transAxes, ha="center", va="center")
    else:
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.24), ncols=2, frameon=False)


def _seeds(ax: Axes, rows: pd.DataFrame, number: int, **look) -> None:
    """Draw a point for each row, in the colour and shape of the `number`-th network."""
    shape = palette.shape(number)
    look = {"s": 10, "alpha": 0.55, "linewidths": 0} | look
    ax.scatter(rows["error"], rows["nmi"], color=palette.colour(number), marker=shape, **look)
