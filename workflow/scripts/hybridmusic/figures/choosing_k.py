"""Draw the stability of clusterings over the number of clusters, and DBSCAN's radius."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from hybridmusic.figures import palette
from hybridmusic.spaces.radius import knee
from hybridmusic.studies.choosing_k import STABLE, number

ACROSS = 2  # spaces side by side, two panels each
NOTHING = "nothing is stable"
SMALL = "too few songs"


def draw(choices: pd.DataFrame, distances: pd.DataFrame, spaces: list[str]) -> Figure:
    """Draw two panels for each space, in order: stability over k, and distances to neighbours.

    `choices` and `distances` are of the kinds `choosing` and `k_distances`. Bars are standard
    deviations over splits. A line marks the chosen k, and the knee of the sorted distances.
    """
    rows = -(-len(spaces) // ACROSS)
    figure, axes = palette.panels(rows, 2 * ACROSS, 1.7 * rows + 0.5, n=2 * len(spaces))
    pairs = axes.reshape(-1, 2)
    for pair, space in zip(pairs, spaces, strict=False):
        _stability(pair[0], choices[choices["space"] == space])
        _distances(pair[1], distances.loc[distances["space"] == space, "distance"].to_numpy())
        pair[0].set_title(space, loc="left")
    pairs[0, 0].set_ylabel("stability")
    pairs[0, 1].set_ylabel("distance")
    handles, labels = pairs[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=4, frameon=False)
    return figure


def _stability(ax: Axes, choice: pd.DataFrame) -> None:
    ks = choice["k"]
    ax.fill_between(
        *(ks, choice["reference"], choice["bar"]),
        color=palette.NOISE,
        alpha=0.6,
        linewidth=0,
        label="one cloud, mean to bar",
    )
    ax.axhline(STABLE, color=palette.MUTED, linewidth=0.6, linestyle=":")
    ax.errorbar(
        *(ks, choice["stability"]),
        yerr=choice["deviation"],
        color=palette.COLOURS[0],
        marker="o",
        markersize=2.5,
        linewidth=1,
        elinewidth=0.6,
        label="the space",
    )
    k = number(choice)
    if k is None:
        reason = SMALL if choice.empty else NOTHING
        ax.text(0.97, 0.97, reason, transform=ax.transAxes, ha="right", va="top", fontsize=7)
    else:
        ax.axvline(k, color=palette.COLOURS[3], linewidth=0.9)
        ax.text(k, 1.02, f" k = {k}", color=palette.COLOURS[3], fontsize=7, va="bottom")
    ax.set(xlabel="k", ylim=(min(0, choice["stability"].to_numpy().min(initial=0)), 1.15))
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))


def _distances(ax: Axes, distances: np.ndarray) -> None:
    radius = distances[knee(distances)]
    ax.plot(np.arange(len(distances)), distances, color=palette.COLOURS[0], linewidth=1)
    ax.axhline(radius, color=palette.COLOURS[3], linewidth=0.9)
    ax.text(0, radius, f"eps = {radius:.3g}", color=palette.COLOURS[3], fontsize=7, va="bottom")
    ax.set(xlabel="tracks, sorted", ylim=(0, None))
    ax.xaxis.set_major_locator(MaxNLocator(3, integer=True))
