"""Draw scores of learning from few labels, on songs whose labels were never shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hybridmusic.figures import palette
from hybridmusic.tables.few_labels import NOTHING, distinct, share_names
from hybridmusic.terms import ACCURACY, CLASSIFIER, LATENT, NMI, SVM

PANELS = {NMI: "NMI with genre", ACCURACY: "Share of genres that are right"}
NAMES = {
    LATENT: "latent of the VAE, K-Means",
    CLASSIFIER: "classifier of the VAE",
    SVM: "support vector machine, same labels",
}
DODGE = 0.1  # of the step from one share to the next


def draw(scores: pd.DataFrame) -> Figure:
    """Draw one panel per score over the share of labels; `scores` is of the kind `few_labels`."""
    figure, [axes] = palette.panels(1, len(PANELS), 3.0)
    scores = distinct(scores)
    names = share_names(scores)
    shares = list(names)
    for letter, (metric, name), ax in zip("ab", PANELS.items(), axes, strict=True):
        for number, way in enumerate(NAMES):
            rows = scores[scores["way"].eq(way) & scores["metric"].eq(metric)].sort_values("share")
            if rows.empty:
                continue
            places = np.searchsorted(shares, rows["share"]) + DODGE * (number - 1)
            ends = [rows["value"] - rows["low"], rows["high"] - rows["value"]]
            bars = np.maximum(ends, 0)
            look = {"color": palette.COLOURS[number], "marker": palette.MARKERS[number]}
            ax.errorbar(places, rows["value"], bars, label=NAMES[way], **look, **palette.LINE)
        ax.set_title(f"({letter}) {name}", loc="left")
        ax.set_xticks(range(len(shares)), names.values())
        ax.set_xlim(-0.4, len(shares) - 0.6)
    if scores.empty:
        for ax in axes:
            ax.set(xticks=[], yticks=[], xlim=(0, 1))
        figure.text(0.5, 0.5, NOTHING, ha="center", va="center", wrap=True)
        return figure
    figure.supxlabel("Songs whose genre is shown, of those not held out", fontsize=8)
    named = dict(zip(*axes[0].get_legend_handles_labels()[::-1], strict=True))
    figure.legend(
        named.values(), named.keys(), loc="outside upper center", ncols=len(named), frameon=False
    )
    return figure
