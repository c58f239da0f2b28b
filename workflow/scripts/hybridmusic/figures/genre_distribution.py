"""Draw Figure 3: the genres in the clusters of one method."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from hybridmusic.figures import palette

COLUMNS = 4


def draw(tracks: pd.DataFrame, n_genres: int, title: str) -> Figure:
    """Draw the `n_genres` commonest genres of every cluster as bars: shares of its tracks.

    Genres of the same name in two languages are two bars of different colours. Without genres, bars
    are languages. `tracks` has `cluster`, `genre` and `language`; `title` is the legend's.
    """
    clusters = sorted(tracks["cluster"].unique())
    columns = min(COLUMNS, len(clusters))
    rows = math.ceil(len(clusters) / columns)
    height = rows * (0.5 + 0.19 * n_genres) + 0.75
    figure, axes = palette.panels(rows, columns, height, n=len(clusters), sharex=True)
    labelled = tracks["genre"].notna().any()
    names = tracks["genre"].fillna("unknown") if labelled else tracks["language"]
    languages = sorted(tracks["language"].unique())
    colours = palette.languages(languages)
    for cluster, ax in zip(clusters, axes.flat, strict=False):
        inside = tracks["cluster"] == cluster
        counts = names[inside].groupby([names[inside], tracks["language"][inside]]).size()
        counts = counts.sort_values(ascending=False, kind="stable").iloc[:n_genres]
        places = range(len(counts))
        shades = [colours[language] for _, language in counts.index]
        ax.barh(places, 100 * counts / inside.sum(), color=shades, height=0.72)
        ax.set_yticks(places, [name for name, _ in counts.index])
        ax.set_ylim(n_genres - 0.45, -0.55)
        label = "Noise" if cluster < 0 else f"Cluster {cluster}"
        ax.set_title(f"{label} ({inside.sum()})", loc="left")
        ax.tick_params(axis="y", length=0)
    figure.supxlabel("Share of the cluster's tracks (%); number of tracks in brackets", fontsize=8)
    figure.legend(
        handles=[Patch(color=colours[name], label=name) for name in languages],
        title=title,
        title_fontsize=9,
        loc="outside upper center",
        ncols=6,
        frameon=False,
    )
    return figure
