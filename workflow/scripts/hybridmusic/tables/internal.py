"""The table of internal scores by the space they are measured in, and of degenerate results."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.clusterings.table import of_k
from hybridmusic.tables.agreement import of_metric
from hybridmusic.tables.flags import NOTE, degenerate, flags
from hybridmusic.tables.scores import INTERNAL
from hybridmusic.tables.sheet import BLOCKS, DOUBT, UNDEFINED
from hybridmusic.terms import NOISE

OWN = "own"
# Measures of degeneracy by column.
OF_SPACE = {"Distinct rows": "distinct_share", "Effective dim.": "effective_dimension"}
BARS = 24  # of a chart of sizes; a number stands for smaller clusters
OF_CLUSTERS = {"Largest cluster": "largest_share", "Noise": "noise_share"}


def table(
    scores: pd.DataFrame, spaces: pd.DataFrame, methods: pd.DataFrame, k: int, reference: str | None
) -> pd.DataFrame:
    """Tabulate internal scores and measures of degeneracy, means over seeds, one row per method.

    Scores are measured in each method's own space, and in `reference` if there is one. Methods that
    find their number of clusters are included whatever `k`. Columns are `Method`, `Space`, "<score>
    (<place>)" for each score and place, the measures of degeneracy, and `Flags` in words.
    """
    scores = of_k(scores, k)
    space_of = scores.drop_duplicates("method").set_index("method")["space"]
    means = scores.groupby(["method", "metric", scores["measured_in"].fillna("")])["value"].mean()
    of_space = spaces.groupby(["space", "metric"])["value"].mean()
    rows = []
    for name, label in zip(methods["name"], methods["label"], strict=True):
        space = space_of.get(name)
        row = {"Method": label, "Space": space}
        for column, metric in INTERNAL.items():
            row[f"{column} ({OWN})"] = means.get((name, metric, space), np.nan)
            if reference:
                row[f"{column} ({reference})"] = means.get((name, metric, reference), np.nan)
        row |= {column: of_space.get((space, one), np.nan) for column, one in OF_SPACE.items()}
        row |= {column: means.get((name, one, ""), np.nan) for column, one in OF_CLUSTERS.items()}
        measures = {one: row[column] for column, one in (OF_SPACE | OF_CLUSTERS).items()}
        measures["dimensions"] = of_space.get((space, "dimensions"), np.nan)
        rows.append(row | {"Flags": ", ".join(flags(measures)) or UNDEFINED})
    places = [OWN, reference] if reference else [OWN]
    columns = [f"{column} ({place})" for column in INTERNAL for place in places]
    columns = ["Method", "Space", *columns, *OF_SPACE, *OF_CLUSTERS, "Flags"]
    return pd.DataFrame(rows, columns=columns)


def with_sizes(
    table: pd.DataFrame, clusterings: dict[str, pd.DataFrame], methods: pd.DataFrame, k: int
) -> pd.DataFrame:
    """Insert `Sizes` before the flags: tracks in each cluster but noise, the largest first.

    Sizes are numbers in text, such as "71 64 55", of each method's first seed at `k`.
    """
    sizes = []
    for name in methods["name"]:
        rows = of_k(clusterings[name], k)
        first = rows["seed"].eq(rows["seed"].head(1).max())
        counts = rows.loc[first & rows["cluster"].ne(NOISE), "cluster"].value_counts()
        sizes.append(" ".join(map(str, counts)) or UNDEFINED)
    table = table.copy()
    table.insert(table.columns.get_loc("Flags"), "Sizes", sizes)
    return table


def charted(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table for readers, with its `Sizes` as charts."""
    return table.assign(Sizes=[_chart(sizes) for sizes in table["Sizes"]])


def _chart(sizes: str) -> str:
    """Draw a bar for each size, in eighths of the first and largest, rounded up."""
    if sizes == UNDEFINED:
        return UNDEFINED
    heights = np.array(sizes.split(), dtype=int)
    eighths = -(-len(BLOCKS) * heights // heights[0])
    bars = "".join(BLOCKS[eighth - 1] for eighth in eighths[:BARS])
    return bars + (f" +{len(heights) - BARS}" if len(heights) > BARS else "")


def verdicts(
    table: pd.DataFrame, uncertainty: pd.DataFrame, methods: pd.DataFrame, k: int
) -> dict[str, list[str]]:
    """Say what the highest Silhouette is worth and which methods are degenerate."""
    own = table[f"Silhouette ({OWN})"]
    doubt = []
    if own.notna().any():
        top = table.loc[own.idxmax(), "Method"]
        sentence = f"The highest Silhouette in its own space is {own.max():.3f}, that of {top}"
        rows = of_metric(uncertainty, k).reindex(methods.loc[methods["label"] == top, "name"])
        for row in rows.dropna(subset="value").itertuples():
            sentence += f": its NMI with genre is {row.value:.3f}, chance {row.chance:.3f}"
        doubt.append(f"{sentence}. Silhouettes of different spaces do not compare.")
    return {DOUBT: doubt + degenerate(table["Method"], table["Flags"])}


def notes(reference: str | None) -> list[str]:
    """Explain the table, one sentence each."""
    places = "in the space that was clustered (own)"
    if reference:
        places += f", and in the {reference} space, in which the paper measures everything"
    return [
        f"Internal scores {places}. Scores in different spaces do not compare.",
        "Sizes: a bar for each cluster but noise, the largest first, of the first seed. Heights "
        f"are relative to the largest; a number counts the clusters beyond {BARS} bars. The CSV "
        "file has the numbers of tracks.",
        NOTE,
    ]
