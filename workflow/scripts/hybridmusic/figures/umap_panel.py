"""Draw Figure 1: maps of the spaces, coloured by clusters and by labels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from hybridmusic.clusterings.matching import matched
from hybridmusic.figures import palette

COLUMNS = 3
ENTRIES = 2  # of the legend below each column of panels


@dataclass(frozen=True)
class Panel:
    """One map: `points` (tracks, 2), coloured by `groups` (tracks,), clusters or names."""

    title: str
    points: np.ndarray
    groups: np.ndarray

    @property
    def of_clusters(self) -> bool:
        """Whether the groups are clusters."""
        return np.issubdtype(self.groups.dtype, np.integer)


def draw(panels: list[Panel]) -> Figure:
    """Draw all panels, up to three in a row, with letters from (a) on.

    Cluster numbers mean nothing by themselves. The clusters of each panel are renamed to those of
    the first panel of clusters that they share most tracks with, so that one colour follows the
    same tracks through the figure.
    """
    columns = min(COLUMNS, len(panels))
    rows = math.ceil(len(panels) / columns)
    size = palette.PAGE_WIDTH / COLUMNS
    figure, axes = palette.panels(rows, columns, rows * size, columns * size, n=len(panels))
    reference = next((panel.groups for panel in panels if panel.of_clusters), None)
    shown: set[int] = set()
    names: dict[str, str] = {}
    for number, (panel, ax) in enumerate(zip(panels, axes.flat, strict=False)):
        letter = palette.letter(number)
        if panel.of_clusters:
            groups = matched(panel.groups, reference)
            shown |= set(groups.tolist())
            _scatter_clusters(ax, panel.points, groups)
        else:
            colours = palette.languages(sorted(set(panel.groups)))
            names |= {f"({letter}) {name}": colours[name] for name in sorted(set(panel.groups))}
            order = palette.shuffled(len(panel.points))
            shades = [colours[name] for name in panel.groups[order]]
            ax.scatter(*panel.points[order].T, s=_size(len(order)), c=shades, linewidths=0)
        ax.set_title(f"({letter}) {panel.title}", loc="left")
        ax.set(xticks=[], yticks=[])
        ax.margins(0.04)
        ax.set_box_aspect(1)
        ax.spines[:].set_visible(True)
    entries = _legend(shown, names)
    lines = math.ceil(len(entries) / (ENTRIES * columns))
    figure.set_size_inches(columns * size, rows * size + 0.55 + 0.155 * max(0, lines - 3))
    figure.legend(
        handles=entries,
        loc="outside lower center",
        ncols=ENTRIES * columns,
        frameon=False,
        handletextpad=0.2,
        columnspacing=1.2,
    )
    return figure


def _scatter_clusters(ax, points: np.ndarray, groups: np.ndarray) -> None:
    noise = groups < 0
    ax.scatter(*points[noise].T, s=_size(len(points)), c=palette.NOISE, linewidths=0)
    order = [i for i in palette.shuffled(len(points)) if not noise[i]]
    for shape in palette.MARKERS:
        chosen = [i for i in order if palette.marker(groups[i]) == shape]
        if chosen:
            shades = [palette.colour(groups[i]) for i in chosen]
            ax.scatter(
                *points[chosen].T, s=_size(len(points)), c=shades, marker=shape, linewidths=0
            )


def _size(n: int) -> float:
    """Return the area of a point in square points, so that neither few nor many tracks blur."""
    return float(np.clip(6000 / n, 0.5, 14))


def _legend(shown: set[int], names: dict[str, str]) -> list[Line2D]:
    """List the clusters shown, noise and names; clusters beyond the colours share one entry."""
    clusters = sorted(number for number in shown if number >= 0)
    coloured = len(palette.COLOURS)
    entries = [(f"cluster {n}", palette.colour(n), "o") for n in clusters[:coloured]]
    if len(clusters) > coloured:
        entries.append((f"{coloured} to {clusters[-1]}: same colours", "black", "^"))
    if -1 in shown:
        entries.append(("noise", palette.NOISE, "o"))
    entries += [(name, colour, "o") for name, colour in names.items()]
    return [
        Line2D([], [], linestyle="", marker=shape, color=shade, markersize=4.5, label=label)
        for label, shade, shape in entries
    ]
