"""Colours, markers, letters and type of every figure, readable for the colour-blind and in print.

The eight colours are Okabe and Ito's (2008), ordered so that neighbours in a legend also differ in
lightness. Beyond eight, the marker changes.
"""

from __future__ import annotations

import string

import matplotlib

# Figures are written to files, so no window is needed.
matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager
from matplotlib.figure import Figure

COLOURS = (
    "#0072B2",  # blue
    "#E69F00",  # orange
    "#009E73",  # bluish green
    "#D55E00",  # vermilion
    "#56B4E9",  # sky blue
    "#CC79A7",  # reddish purple
    "#000000",  # black
    "#F0E442",  # yellow
)
MARKERS = ("o", "^", "s", "D", "v", "P", "X", "*")
NOISE = "#C8C8C8"
MUTED = "#8A8A8A"
# As in the paper: Bangla red, English blue. Other languages take the other colours in order.
LANGUAGES = {"english": COLOURS[0], "bangla": COLOURS[3]}

# The first comes with matplotlib; the others add scripts where they are installed.
FONTS = (
    "DejaVu Sans",
    "Noto Sans Bengali",
    "Noto Sans Devanagari",
    "Noto Sans Tamil",
    "Noto Sans Arabic",
    "Noto Sans CJK JP",
)

PAGE_WIDTH = 7.2  # inches, two columns of a journal page
LINE = {"markersize": 4, "linewidth": 1, "elinewidth": 0.8}  # with error bars

STYLE = {
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7.5,
    "axes.linewidth": 0.6,
    "axes.edgecolor": "#555555",
    # Titles and genres come from users' files: a dollar sign in them begins no formula.
    "text.parse_math": False,
    "pdf.fonttype": 42,  # text stays text in a PDF
    "savefig.facecolor": "white",
}


def panels(
    rows: int,
    columns: int,
    height: float,
    width: float = PAGE_WIDTH,
    *,
    n: int | None = None,
    **share,
) -> tuple[Figure, np.ndarray]:
    """Begin a figure, sizes in inches, in the style of all; return it and its (rows, columns) axes.

    Axes beyond the first `n` are hidden. `share` is `sharex` or `sharey` of `plt.subplots`.
    """
    installed = set(font_manager.get_font_names())
    fonts = [name for name in FONTS if name in installed]
    plt.rcParams.update(STYLE | {"font.family": fonts})
    figure, axes = plt.subplots(
        rows, columns, figsize=(width, height), squeeze=False, layout="constrained", **share
    )
    for number, ax in enumerate(axes.flat):
        ax.spines[["top", "right"]].set_visible(False)
        if n is not None and number >= n:
            ax.set_axis_off()
    return figure, axes


def colour(number: int) -> str:
    """Return the colour of the `number`-th cluster; noise, -1, is grey."""
    return NOISE if number < 0 else COLOURS[number % len(COLOURS)]


def shape(number: int) -> str:
    """Return a marker that differs from that of the next number and of numbers of one colour."""
    return MARKERS[(number + number // len(COLOURS)) % len(MARKERS)]


def marker(number: int) -> str:
    """Return the marker of the `number`-th cluster, the same for the first eight."""
    return MARKERS[max(0, number) // len(COLOURS) % len(MARKERS)]


def letter(number: int) -> str:
    """Return the letter of the `number`-th panel, from 0: a, ..., z, aa, ab, ..."""
    before, last = divmod(number, len(string.ascii_lowercase))
    return (letter(before - 1) if before else "") + string.ascii_lowercase[last]


def languages(names: list[str]) -> dict[str, str]:
    """Return a colour for each language, by its name."""
    free = [colour for colour in COLOURS if colour not in LANGUAGES.values()]
    others = [name for name in names if name not in LANGUAGES]
    return LANGUAGES | {name: free[i % len(free)] for i, name in enumerate(others)}


def shuffled(n: int) -> np.ndarray:
    """Return a fixed random order to draw `n` points in, so that no group hides the others."""
    return np.random.default_rng(0).permutation(n)
