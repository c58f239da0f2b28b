"""Draw agreement with genre across languages against agreement with language."""

from __future__ import annotations

from itertools import chain, zip_longest

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from hybridmusic.figures import palette
from hybridmusic.figures.label_placement import place
from hybridmusic.studies import language
from hybridmusic.tables.language import NOT_SHARED, ONE_LANGUAGE

REMEDIES = {
    "": ("no remedy", palette.MUTED),
    "scaled": ("scaled within languages", palette.COLOURS[2]),
    "conditioned": ("conditioned on language", palette.COLOURS[0]),
    "independent": ("independent of language", palette.COLOURS[3]),
}
SEVERAL = ("several remedies", palette.COLOURS[5])
SHAPES = {
    **{language.PLAIN: "o", language.LEARNED: "^"},
    **{language.SHOWN: "s", language.BROUGHT: "D"},
}
FAMILIES = {
    language.PLAIN: "not learned",
    language.SHOWN: "learned, shown the genres †",
    language.BROUGHT: "trained on other data ‡",
}
HALO = [withStroke(linewidth=1.5, foreground="white")]  # keeps labels readable over bars
IDEAL = "ideal: genres come together,\nlanguages do not"


def draw(compared: pd.DataFrame) -> Figure:
    """Draw one point per row of `compared`, of the kind `language` and one k; bars are intervals.

    Colours are remedies, shapes families of methods. If there is one language, or no genre that
    all languages share, the figure holds that sentence.
    """
    figure, [[ax]] = palette.panels(1, 1, 5.2)
    ax.set(xlabel="NMI with language", ylabel="NMI with the genres that all languages share")
    missing = ONE_LANGUAGE if compared.empty else NOT_SHARED
    if compared["shared_nmi"].isna().all():
        ax.set(xticks=[], yticks=[])
        ax.text(0.5, 0.5, missing, transform=ax.transAxes, ha="center", va="center", wrap=True)
        return figure
    for row in compared.itertuples():
        look = {"marker": SHAPES[row.family], "color": REMEDIES.get(row.remedy, SEVERAL)[1]}
        x, y = row.language_nmi, row.shared_nmi
        bars = {
            "xerr": [[x - row.language_nmi_low], [row.language_nmi_high - x]],
            "yerr": [[y - row.shared_nmi_low], [row.shared_nmi_high - y]],
        }
        ax.errorbar(x, y, **bars, fmt="none", ecolor=look["color"], elinewidth=0.6, alpha=0.35)
        ax.scatter(x, y, s=26, linewidths=0.5, edgecolors="white", zorder=3, **look)
    ax.margins(0.08)
    _legend(figure, compared)
    ideal = ax.annotate(
        IDEAL,
        (0, 1),
        (12, -12),
        xycoords="axes fraction",
        textcoords="offset points",
        va="top",
        style="italic",
        color="#555555",
        arrowprops={"arrowstyle": "->", "color": "#555555", "relpos": (0, 1)},
    )
    _label(figure, ax, compared, ideal)
    return figure


def _legend(figure: Figure, compared: pd.DataFrame) -> None:
    """List the colours of remedies above, and below them the shapes of families."""
    blank = {"linestyle": "none", "markeredgewidth": 0, "markersize": 5}
    names = sorted(set(compared["remedy"]), key=[*REMEDIES, *set(compared["remedy"])].index)
    colours = [
        Line2D([], [], marker="o", color=shade, label=label, **blank)
        for label, shade in dict.fromkeys(REMEDIES.get(name, SEVERAL) for name in names)
    ]
    shapes = [
        Line2D([], [], marker=shape, color="black", label=FAMILIES.get(name, name), **blank)
        for name, shape in SHAPES.items()
        if name in set(compared["family"])
    ]
    # matplotlib fills a legend by columns.
    empty = Line2D([], [], linestyle="none", label=" ")
    handles = list(chain(*zip_longest(colours, shapes, fillvalue=empty)))
    columns = max(len(colours), len(shapes))
    figure.legend(handles=handles, loc="outside upper center", ncols=columns, frameon=False)


def _label(figure: Figure, ax: Axes, compared: pd.DataFrame, ideal) -> None:
    """Write each method's label next to its point, with a line to it if it is far off."""
    # The layout decides where points are, so everything else is laid out first.
    figure.draw_without_rendering()
    renderer, scale = figure.canvas.get_renderer(), 72 / figure.dpi
    points = ax.transData.transform(compared[["language_nmi", "shared_nmi"]]) * scale
    texts = [
        ax.annotate(
            label, (x, y), fontsize=6, ha="center", va="center", path_effects=HALO, zorder=4
        )
        for label, x, y in zip(
            compared["label"], compared["language_nmi"], compared["shared_nmi"], strict=True
        )
    ]
    sizes = np.array([text.get_window_extent(renderer).size for text in texts]) * scale
    taken = [ideal.get_window_extent(renderer).extents * scale]
    centres = place(points, sizes + 2, np.array(taken), ax.bbox.extents * scale)
    for text, point, centre, size in zip(texts, points, centres, sizes, strict=True):
        text.set(position=centre - point, anncoords="offset points")
        text.set_in_layout(False)
        edge = np.clip(point, centre - size / 2, centre + size / 2)
        if np.linalg.norm(edge - point) > 6:
            ax.annotate(
                "",
                text.xy,
                edge - point,
                textcoords="offset points",
                arrowprops={"arrowstyle": "-", "linewidth": 0.5, "color": "#333333"},
            ).set_in_layout(False)
