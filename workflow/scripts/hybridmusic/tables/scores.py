"""The paper's Table 2: internal and external scores of every method."""

from __future__ import annotations

import pandas as pd

from hybridmusic.clusterings.table import of_k
from hybridmusic.tables.sheet import UNDEFINED
from hybridmusic.terms import GENRE, LANGUAGE, WITHOUT_NOISE

# Metrics by column: measured in a space, and measured against genre.
INTERNAL = {
    "Silhouette": "silhouette",
    "C-H Index": "calinski_harabasz",
    "D-B Index": "davies_bouldin",
}
EXTERNAL = {"ARI": "ari", "NMI": "nmi", "Purity": "purity"}


def table(
    scores: pd.DataFrame,
    methods: pd.DataFrame,
    k: int,
    reference: str | None,
    statistic: str = "mean",
) -> pd.DataFrame:
    """Tabulate the `statistic` ("mean" or "std") of scores over seeds, one row per method.

    Internal scores are measured in the space `reference`; None is the space that was clustered.
    Methods that find their number of clusters are included whatever `k`. Columns are `Method`,
    `Task` and one for each score; NaN if one seed's is not defined.
    """
    scores = of_k(scores, k)
    place = reference or scores["space"]
    chosen = {
        **{column: (metric, place) for column, metric in INTERNAL.items()},
        **{column: (metric, "genre") for column, metric in EXTERNAL.items()},
    }
    columns = {"Method": methods["label"], "Task": methods["task"]}
    for column, (metric, measured_in) in chosen.items():
        rows = scores[scores["metric"].eq(metric) & scores["measured_in"].eq(measured_in)]
        # Without undefined seeds a mean would be of other clusterings than its row.
        over_seeds = rows.groupby("method")["value"].agg(
            lambda values: getattr(values, statistic)(skipna=False)
        )
        columns[column] = methods["name"].map(over_seeds).astype(float).to_numpy()
    return pd.DataFrame(columns)


def notes(scores: pd.DataFrame, methods: pd.DataFrame, k: int, reference: str | None) -> list[str]:
    """Explain a table by `table`, one sentence each; `methods` are all that are configured."""
    scores = of_k(scores, k)
    n_seeds = scores["seed"].nunique()
    place = (
        f"the {reference} space whatever space was clustered, as published"
        if reference
        else "the space that was clustered, so those of different spaces do not compare"
    )
    sentences = [
        f"k = {k}. Silhouette, C-H and D-B are measured in {place}; ARI, NMI and purity against "
        "genre. " + (f"Means over {n_seeds} seeds." if n_seeds > 1 else "One seed.")
    ]
    if not scores["measured_in"].eq("genre").any():
        sentences.append("There are no genres to agree with: ARI, NMI and purity are left out.")
    labels = methods.set_index("name")["label"]
    for row in methods[methods["condition"] != methods["effective"]].itertuples():
        sentences.append(
            f"{row.label} is conditioned on language, because there are no genres."
            if row.effective == LANGUAGE
            else f"{row.label} is left out, because there is nothing to condition on."
        )
    means = scores.groupby(["metric", "method"])["value"].mean()
    finds_k = set(scores.loc[scores["k"].isna(), "method"])
    for name in [name for name in methods["name"] if name in finds_k]:
        count, noise = means["n_clusters", name], means["noise_share", name]
        sentence = f"{labels[name]} finds its number of clusters itself: {count:.3g}"
        if noise > 0:
            sentence += f", and {noise:.1%} of the tracks as noise, one cluster more"
        sentences.append(f"{sentence}.")
        if values := _without_noise(scores[scores["method"] == name], reference):
            sentences.append(f"Without its noise {labels[name]} has {values}.")
    internal = scores["measured_in"].eq(reference or scores["space"])
    undefined = scores[scores["metric"].eq("silhouette") & internal & scores["value"].isna()]
    sentences += [
        f"{UNDEFINED} {labels[name]} has no internal score: it found a single group."
        for name in undefined["method"].unique()
    ]
    return sentences


def _without_noise(scores: pd.DataFrame, reference: str | None) -> str:
    """State the scores of one method without the tracks that are noise, means over seeds."""
    places = dict.fromkeys(INTERNAL, reference or scores["space"].iloc[0])
    values = []
    for column, metric in (INTERNAL | EXTERNAL).items():
        place = places.get(column, GENRE)
        rows = scores[scores["metric"].eq(metric + WITHOUT_NOISE) & scores["measured_in"].eq(place)]
        if rows["value"].notna().any():
            values.append(f"{column} {rows['value'].mean():.3f}")
    return ", ".join(values)
