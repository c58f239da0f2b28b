"""Colours, markers and type of every figure: told apart by the colour-blind, and in print.

The eight colours are Okabe and Ito's (2008), ordered so that neighbours in a legend differ in
lightness too. Beyond eight, the marker changes.
"""

from __future__ import annotations

import matplotlib

# Files are written, nothing is shown; and text stays text in a PDF.
matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager

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
# The paper's own: Bangla red, English blue. Other languages take the colours in order.
LANGUAGES = {"english": COLOURS[0], "bangla": COLOURS[3]}

# The first comes with matplotlib; where the others are installed, they lend it their scripts.
FONTS = (
    "DejaVu Sans",
    "Noto Sans Bengali",
    "Noto Sans Devanagari",
    "Noto Sans Tamil",
    "Noto Sans Arabic",
    "Noto Sans CJK JP",
)

PAGE_WIDTH = 7.2  # inches, two columns of a journal page

STYLE = {
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7.5,
    "axes.linewidth": 0.6,
    "axes.edgecolor": "#555555",
    # Titles and genres are strangers' words: a dollar sign in them is no formula.
    "text.parse_math": False,
    "pdf.fonttype": 42,
    "savefig.facecolor": "white",
}


def use() -> None:
    """Set the style of all figures drawn in this process."""
    installed = set(font_manager.get_font_names())
    fonts = [name for name in FONTS if name in installed]
    plt.rcParams.update(STYLE | {"font.family": fonts})


def colour(number: int) -> str:
    """Colour of the `number`-th cluster; noise, -1, is grey."""
    return NOISE if number < 0 else COLOURS[number % len(COLOURS)]


def shape(number: int) -> str:
    """A marker that differs from one number to the next, and from those of the same colour."""
    return MARKERS[(number + number // len(COLOURS)) % len(MARKERS)]


def marker(number: int) -> str:
    """Marker of the `number`-th cluster, the same for the first eight."""
    return MARKERS[max(0, number) // len(COLOURS) % len(MARKERS)]


def languages(names: list[str]) -> dict[str, str]:
    """A colour for each language."""
    free = [colour for colour in COLOURS if colour not in LANGUAGES.values()]
    others = [name for name in names if name not in LANGUAGES]
    return LANGUAGES | {name: free[i % len(free)] for i, name in enumerate(others)}


def shuffled(n: int) -> np.ndarray:
    """A fixed random order to draw points in, so that no group hides the others."""
    return np.random.default_rng(0).permutation(n)
