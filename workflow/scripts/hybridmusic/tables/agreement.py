"""The table of agreement with genre: intervals, chance levels, baselines and stability."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.clusterings.table import of_k
from hybridmusic.tables.marks import MARKS, discovers, notes_on_marks
from hybridmusic.tables.methods import AHEAD
from hybridmusic.tables.notes import FITTED_AGAIN
from hybridmusic.tables.sheet import DOUBT, FAILS, SEPARATES, UNDEFINED
from hybridmusic.terms import ALL, CLUSTERS, ELSEWHERE, NOTHING

# Columns of `uncertainty` by column of the table.
COLUMNS = {
    "Clusters": ("nmi", "clusters"),
    "NMI": ("nmi", "value"),
    "NMI low": ("nmi", "low"),
    "NMI high": ("nmi", "high"),
    "Chance": ("nmi", "chance"),
    "Chance in language": ("nmi", "chance_in_language"),
    "p": ("nmi", "p"),
    "AMI": ("ami", "value"),
    "ARI": ("ari", "value"),
    "NMI difference": ("nmi", "difference"),
    "NMI difference low": ("nmi", "difference_low_all"),
    "NMI difference high": ("nmi", "difference_high_all"),
    "AMI difference": ("ami", "difference"),
    "AMI difference low": ("ami", "difference_low_all"),
    "AMI difference high": ("ami", "difference_high_all"),
}
SURE = 0.05  # a larger p is no evidence
# What a method's interval is conditioned on, by what was fitted again.
GIVEN = {ALL: UNDEFINED, CLUSTERS: "these vectors", NOTHING: "these clusters"}


def table(
    uncertainty: pd.DataFrame, stability: pd.DataFrame, methods: pd.DataFrame, k: int
) -> pd.DataFrame:
    """Tabulate the agreement with genre of every method with its uncertainty, a row each."""
    rows = {metric: of_metric(uncertainty, k, metric) for metric in ("nmi", "ami", "ari")}
    rows = {metric: of.reindex(methods["name"]) for metric, of in rows.items()}
    stable = of_k(stability, k).set_index("method").reindex(methods["name"])
    columns = {"Method": methods["label"].to_numpy(), "Task": methods["task"].to_numpy()}
    columns |= {
        column: rows[metric][name].to_numpy(dtype=float)
        for column, (metric, name) in COLUMNS.items()
    }
    columns["Stability (seeds)"] = stable["seeds"].to_numpy(dtype=float)
    columns["Stability (songs)"] = stable["songs"].to_numpy(dtype=float)
    columns["Given"] = rows["nmi"]["refitted"].map(GIVEN).fillna(UNDEFINED).to_numpy()
    return pd.DataFrame(columns)


def of_metric(uncertainty: pd.DataFrame, k: int, metric: str = "nmi") -> pd.DataFrame:
    """Return the rows of a measure for `k` clusters, by method."""
    rows = uncertainty[(uncertainty["k"] == k) & (uncertainty["metric"] == metric)]
    return rows.set_index("method")


def better(uncertainty: pd.DataFrame, k: int, sign: int = 1) -> set[str]:
    """Return the methods that are better than the best baseline with as many clusters.

    Intervals that hold for all methods together exclude 0, for NMI and for AMI or ARI: more
    clusters raise NMI by chance, and AMI and ARI do not. These count clips of one song as
    independent, so a method must also agree more than with genres shuffled over songs: otherwise a
    cluster for each song would be better. With a `sign` of -1, return those that are worse.
    """
    end = "difference_low_all" if sign > 0 else "difference_high_all"
    beyond = {}
    for metric in ("nmi", "ami", "ari"):
        rows = of_metric(uncertainty, k, metric)
        beyond[metric] = set(rows.index[sign * rows[end] > 0])
    nmi = of_metric(uncertainty, k)
    possible = set(nmi.index[nmi["p"] <= SURE]) if sign > 0 else set(nmi.index)
    return possible & beyond["nmi"] & (beyond["ami"] | beyond["ari"])


def verdicts(
    uncertainty: pd.DataFrame, methods: pd.DataFrame, k: int, vaes: list[str], n_genres: int
) -> dict[str, list[str]]:
    """Say which methods agree with genre, which do not, and what to doubt, by heading.

    `methods` has `name`, `label` and `effective`; `vaes` are the names of VAEs. Methods that find
    their number of clusters are not ranked by NMI, which rises with the number. With as many
    clusters as genres, methods saw the number of genres.
    """
    rows = of_metric(uncertainty, k)
    rows = rows[rows.index.isin(methods["name"])]
    doubt = notes_on_marks(methods)
    unseen = rows[rows.index.isin(methods.loc[discovers(methods), "name"])]
    ranked = unseen[~unseen["finds_k"].astype(bool)]
    if ranked.empty:
        return {DOUBT: doubt}
    labels = _labels(methods)
    saw = "no genres but their number" if k == n_genres else "no genres"
    separates, fails = _best(rows, ranked, labels, methods, k, saw), []
    if rows["baseline"].notna().any():
        ahead, behind = (
            [name for name in rows.index if name in better(uncertainty, k, sign)]
            for sign in (1, -1)
        )
        separates += _against_baseline(rows, labels, ahead, best=ranked["value"].idxmax())
        if present := [name for name in vaes if name in unseen.index]:
            winners = [labels[name] for name in present if name in ahead]
            if winners:
                separates.append(f"VAEs among them that saw {saw}: {', '.join(winners)}.")
            else:
                fails.append(
                    f"None of the {len(present)} methods on VAEs that saw {saw} is shown "
                    "to be better than the best plain baseline."
                )
        if behind:
            named = ", ".join(labels[name] for name in behind)
            fails.append(f"Worse than the best plain baseline, beyond the interval: {named}.")
    if chance := [labels[name] for name in rows.index[rows["p"] > SURE]]:
        fails.append(f"Not beyond chance (p > {SURE}): {', '.join(chance)}.")
    if rows["seeds"].max() == 1:
        doubt.append("One seed: differences between networks may be luck.")
    if rows["shuffled"].eq("parts").any():
        doubt.append(
            "Some songs or artists have several genres: chance levels treat their parts, the clips "
            "of one genre, as independent."
        )
    if fixed := [labels[name] for name in rows.index[rows["refitted"].eq(NOTHING)]]:
        doubt.append(
            f"Not fitted again, so intervals are given these clusters and too narrow: "
            f"{', '.join(fixed)}."
        )
    return {SEPARATES: separates, FAILS: fails, DOUBT: doubt}


def _labels(methods: pd.DataFrame) -> pd.Series:
    """Return labels by name, marked wherever a model was trained on other data."""
    marks = np.where(methods["effective"].eq(ELSEWHERE), MARKS[ELSEWHERE], "")
    return (methods["label"] + marks).set_axis(methods["name"])


def _best(
    rows: pd.DataFrame,
    ranked: pd.DataFrame,
    labels: pd.Series,
    methods: pd.DataFrame,
    k: int,
    saw: str,
) -> list[str]:
    """Name the best method that discovered what it shows, and the best trained on other data."""
    best = ranked.loc[ranked["value"].idxmax()]
    elsewhere = methods.loc[methods["effective"] == ELSEWHERE, "name"]
    only = " and learned from these tracks alone" if len(elsewhere) else ""
    sentences = [
        f"With k = {k}, of {len(ranked)} methods that saw {saw}{only} {labels[best.name]} "
        f"agrees best with genre: NMI {best['value']:.3f} (90 % interval for the best of all "
        f"methods {best['low_all']:.3f} to {best['high_all']:.3f}), where shuffled genres give "
        f"{best['chance']:.3f}."
    ]
    brought = rows[rows.index.isin(elsewhere)]
    if len(brought):
        top = brought.loc[brought["value"].idxmax()]
        sentences.append(
            "What a model learned from other data is no discovery in these: "
            f"the best of such, {labels[top.name]}, has NMI {_around(top)}."
        )
    return sentences


def _against_baseline(
    rows: pd.DataFrame, labels: pd.Series, ahead: list[str], best: str
) -> list[str]:
    """Name the strongest plain baseline and the methods that are better."""
    baseline = rows.loc[~rows["finds_k"].astype(bool), "baseline"].dropna().mode()[0]
    named = ", ".join(labels[name] for name in ahead) or "no method is shown to be"
    return [
        "It is the strongest plain baseline."
        if best == baseline
        else f"The strongest plain baseline is {labels[baseline]}: NMI "
        f"{_around(rows.loc[baseline])}.",
        "Better than the best plain baseline with as many clusters, by NMI and by AMI or ARI, by "
        f"more than intervals that hold for all methods together ({AHEAD}): {named}.",
    ]


def _around(row: pd.Series) -> str:
    return f"{row['value']:.3f} (90 % interval {row['low']:.3f} to {row['high']:.3f})"


def notes(k: int) -> list[str]:
    """Explain the table, one sentence each."""
    return [
        f"NMI, AMI and ARI with genre for k = {k}, means over seeds. Clusters: how many there are, "
        "with noise as one more. NMI rises with their number by chance; AMI and ARI do not.",
        f"{FITTED_AGAIN} Words of sentences keep the thresholds of all tracks. Given: what was not "
        "made again.",
        "Chance: the same clusters against genres shuffled among songs of about as many tracks. In "
        "language: they are shuffled only inside each language, so this is the agreement that "
        "language alone explains. p is one-sided.",
        "Difference: from the best plain baseline with as many clusters, chosen on each half "
        "again. Its intervals hold for all methods together (Chernozhukov, Chetverikov and Kato "
        "2013).",
        "Stability: mean adjusted Rand index between seeds, and between halves of the songs on "
        "the tracks that two halves share.",
    ]
