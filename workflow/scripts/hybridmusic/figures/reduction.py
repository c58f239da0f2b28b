"""Draw agreement with genre against the Silhouette, of spaces as they are and reduced."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from hybridmusic.figures import palette
from hybridmusic.tables.reduction import NAMES
from hybridmusic.terms import AS_IS

COLUMNS = 2
# The marker is open where nothing was reduced, which shows where arrows begin.
SHAPES = {AS_IS: "o", "pca": "s", "umap": "^"}
NOTHING = "There are fewer than two genres to agree with."


def draw(scores: pd.DataFrame, labels: dict[str, str]) -> Figure:
    """Draw one panel per clusterer; arrows lead from each space to its PCA and its UMAP.

    `scores` are of the kind `reduction`, `labels` by space. Points are means over seeds, bars 90 %
    intervals over songs. A clustering without a Silhouette is not shown.
    """
    if scores.empty:
        figure, [[ax]] = palette.panels(1, 1, 1, n=0)
        ax.text(0.5, 0.5, NOTHING, ha="center", va="center")
        return figure
    clusterers = scores["clusterer"].unique()
    rows = -(-len(clusterers) // COLUMNS)
    figure, axes = palette.panels(
        rows, COLUMNS, 2.6 * rows + 0.6, n=len(clusterers), sharex=True, sharey=True
    )
    for panel, (clusterer, ax) in enumerate(zip(clusterers, axes.flat, strict=False)):
        for number, space in enumerate(labels):
            rows = scores[scores["space"].eq(space) & scores["clusterer"].eq(clusterer)]
            _paths(ax, rows.set_index(["metric", "reduction"]), palette.colour(number))
        ax.set_title(f"({palette.letter(panel)}) {clusterer}", loc="left")
    figure.supxlabel("Silhouette in the space that was clustered", fontsize=8)
    figure.supylabel("NMI with genre", fontsize=8)
    figure.legend(handles=_legend(labels), loc="outside right upper", frameon=False)
    return figure


def _paths(ax: Axes, rows: pd.DataFrame, shade: str) -> None:
    """Draw a space's points with their intervals, and arrows from the first to the others."""
    x, y = rows.loc["silhouette"], rows.loc["nmi"]
    for name in SHAPES:
        place = x.loc[name, "value"], y.loc[name, "value"]
        face = "white" if name == AS_IS else shade
        bar = {"color": shade, "linewidth": 0.6, "alpha": 0.45}
        ax.plot(x.loc[name, ["low", "high"]], [place[1]] * 2, **bar)
        ax.plot([place[0]] * 2, y.loc[name, ["low", "high"]], **bar)
        ax.plot(*place, SHAPES[name], color=shade, markerfacecolor=face, markersize=4.5, zorder=3)
        start = x.loc[AS_IS, "value"], y.loc[AS_IS, "value"]
        # There is no arrow without a Silhouette, or where nothing changed.
        if start != place and np.isfinite([*start, *place]).all():
            arrow = {"arrowstyle": "-|>", "color": shade, "linewidth": 0.9, "mutation_scale": 7}
            arrow |= {"shrinkA": 3, "shrinkB": 3, "alpha": 0.8}
            ax.annotate("", place, start, arrowprops=arrow, annotation_clip=False, zorder=2)


def _legend(labels: dict[str, str]) -> list[Line2D]:
    colours = [palette.colour(number) for number in range(len(labels))]
    entries = [
        (label, shade, "-", "") for label, shade in zip(labels.values(), colours, strict=True)
    ]
    entries += [(NAMES[name], "black", "", shape) for name, shape in SHAPES.items()]
    return [
        Line2D(
            *([], []),
            **{"color": shade, "linestyle": line, "marker": shape, "markersize": 4.5},
            markerfacecolor="white" if label == NAMES[AS_IS] else shade,
            label=label,
        )
        for label, shade, line, shape in entries
    ]
