"""Table of agreement with genre across languages, next to agreement with language."""

from __future__ import annotations

import pandas as pd

from hybridmusic.studies.language import LEARNED, shared_labels
from hybridmusic.tables.notes import FITTED_AGAIN, GIVEN_CLUSTERS
from hybridmusic.tables.sheet import LANGUAGE, UNDEFINED, around

# Source of each column, in tables of the kind `language` and among measures of spaces.
COLUMNS = {
    "NMI (all genres)": "genre_nmi",
    "NMI (in language)": "inside_nmi",
    "ARI (shared)": "shared_ari",
    "NMI (shared)": "shared_nmi",
    "NMI (shared) low": "shared_nmi_low",
    "NMI (shared) high": "shared_nmi_high",
    "Language NMI": "language_nmi",
    "Language NMI low": "language_nmi_low",
    "Language NMI high": "language_nmi_high",
}
MEASURES = {"Language Silhouette": "language_silhouette", "Language mixing": "language_mixing"}
ONE_LANGUAGE = "All tracks are of one language, so language and genre cannot be compared."
NOT_SHARED = (
    "Fewer than two genres are common to all languages, so agreement across languages cannot be "
    "measured."
)


def table(compared: pd.DataFrame, spaces: pd.DataFrame) -> pd.DataFrame:
    """Tabulate `language` scores, one row per method and k, with means over seeds of `spaces`."""
    means = spaces.groupby(["metric", "space"])["value"].mean()
    columns = {"Method": compared["label"], "k": compared["k"], "Space": compared["space"]}
    columns["Remedy"] = compared["remedy"].where(compared["remedy"] != "", UNDEFINED)
    columns |= {column: compared[name].astype(float) for column, name in COLUMNS.items()}
    for column, metric in MEASURES.items():
        columns[column] = compared["space"].map(means.get(metric, {})).astype(float)
    return pd.DataFrame(columns)


def notes(compared: pd.DataFrame, tracks: pd.DataFrame, k: int, are_refitted: bool) -> list[str]:
    """Explain the columns, one sentence each; `k` is Table 2's.

    `are_refitted` says whether every method was fitted again on halves of the songs.
    """
    if tracks["language"].nunique() < 2:
        return [ONE_LANGUAGE]
    columns = [
        "Language NMI and language Silhouette (of the space that was clustered) are low, and "
        "language mixing is near 1, if clusters and neighbours do not separate the languages. "
        "Mixing is 1 on average for languages shuffled over songs.",
        "In language: mean over languages of the NMI with genre among the tracks of one language.",
        "Remedies remove language from a space. Scaled: within each language. Conditioned: on "
        "language. Independent: trained to be independent of language. Balanced: made from a graph "
        "in which every track has equally many neighbours of each language.",
    ]
    shared = shared_labels(tracks)
    if shared.nunique() < 2:
        return [*columns, NOT_SHARED]
    names = ", ".join(sorted(shared.unique()))
    also = sorted(set(compared["k"]) - {k})
    numbers = f"k = {k}" + (f" and k = {also[0]}, the number of shared genres" if also else "")
    return [
        f"Shared: the {len(shared)} tracks of genres that all languages have, compared without "
        f"case ({names}). Other genres cannot show agreement across languages. Clusterings are "
        f"those of all tracks, for {numbers}, scored on these tracks.",
        *columns,
        f"Means over seeds. {FITTED_AGAIN if are_refitted else GIVEN_CLUSTERS}",
        "The chance level of NMI is above 0, that of ARI is 0.",
    ]


def verdicts(compared: pd.DataFrame, k: int) -> dict[str, list[str]]:
    """State whether a learned space is better than scaling within each language."""
    rows = compared[compared["k"] == k].set_index("method")
    if rows["scaled"].isna().all():
        return {LANGUAGE: []}
    best = rows.loc[rows["scaled"].dropna().iloc[0]]
    scaled = (
        f"Of the spaces scaled within each language, {best['label']} agrees best with the shared "
        f"genres: NMI {around(best, 'shared_nmi')}, with language {best['language_nmi']:.3f}."
    )
    learned = rows[rows["family"].eq(LEARNED) & rows["difference"].notna()]
    if learned.empty:
        return {LANGUAGE: [scaled]}
    ahead = learned[learned["difference_low"] > 0]
    if len(ahead):
        names = ", ".join(
            f"{row.label} (with language {row.language_nmi:.3f})" for row in ahead.itertuples()
        )
        verdict = (
            "Learned without genres, and better beyond intervals that hold for all methods "
            f"together: {names}."
        )
    else:
        top = learned.loc[learned["difference"].idxmax()]
        verdict = (
            "No space learned without genres is shown to be better. The best of them, "
            f"{top['label']}, differs by {around(top, 'difference')}; its NMI with language "
            f"is {top['language_nmi']:.3f}."
        )
    return {LANGUAGE: [scaled, verdict]}
