"""The table of agreement with genre: intervals, chance levels, baselines and stability."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.clusterings.table import of_k
from hybridmusic.tables.marks import MARKS, discovers, notes_on_marks
from hybridmusic.tables.methods import AHEAD
from hybridmusic.tables.sheet import DOUBT, FAILS, SEPARATES
from hybridmusic.terms import ELSEWHERE

# Columns of `uncertainty` by column of the table.
COLUMNS = {
    "NMI": "value",
    "NMI low": "low",
    "NMI high": "high",
    "Chance": "chance",
    "Chance in language": "chance_in_language",
    "p": "p",
    "Difference": "difference",
    "Difference low": "difference_low",
    "Difference high": "difference_high",
}
SURE = 0.05  # a larger p is no evidence


def table(
    uncertainty: pd.DataFrame, stability: pd.DataFrame, methods: pd.DataFrame, k: int
) -> pd.DataFrame:
    """Tabulate the NMI with genre of every method with its uncertainty, one row per method."""
    rows = nmi(uncertainty, k).reindex(methods["name"])
    stable = of_k(stability, k).set_index("method").reindex(methods["name"])
    columns = {"Method": methods["label"].to_numpy(), "Task": methods["task"].to_numpy()}
    columns |= {column: rows[name].to_numpy(dtype=float) for column, name in COLUMNS.items()}
    columns["Stability (seeds)"] = stable["seeds"].to_numpy(dtype=float)
    columns["Stability (songs)"] = stable["songs"].to_numpy(dtype=float)
    return pd.DataFrame(columns)


def nmi(uncertainty: pd.DataFrame, k: int) -> pd.DataFrame:
    """Return the rows of NMI for `k` clusters, by method."""
    rows = uncertainty[(uncertainty["k"] == k) & (uncertainty["metric"] == "nmi")]
    return rows.set_index("method")


def better(uncertainty: pd.DataFrame, k: int) -> set[str]:
    """Return the methods whose NMI exceeds the strongest plain baseline's by a whole interval."""
    rows = nmi(uncertainty, k)
    return set(rows.index[rows["difference_low"] > 0])


def verdicts(
    uncertainty: pd.DataFrame, methods: pd.DataFrame, k: int, vaes: list[str]
) -> dict[str, list[str]]:
    """Say which methods agree with genre, which do not, and what to doubt, by heading.

    A method is better than the strongest plain baseline if the whole interval of the difference
    is above 0. `methods` has `name`, `label` and `effective`; `vaes` are the names of VAEs.
    """
    rows = nmi(uncertainty, k)
    rows = rows[rows.index.isin(methods["name"])]
    doubt = notes_on_marks(methods)
    unseen = rows[rows.index.isin(methods.loc[discovers(methods), "name"])]
    if unseen.empty:
        return {DOUBT: doubt}
    labels = _labels(methods)
    separates, fails = _best(rows, unseen, labels, methods, k), []
    if rows["baseline"].notna().any():
        ahead = [name for name in rows.index if name in better(uncertainty, k)]
        separates += _against_baseline(rows, labels, ahead, best=unseen["value"].idxmax())
        if present := [name for name in vaes if name in unseen.index]:
            winners = [labels[name] for name in present if name in ahead]
            if winners:
                separates.append(f"VAEs among them that saw no genres: {', '.join(winners)}.")
            else:
                fails.append("No VAE that saw no genres is better than the plain baseline.")
        if behind := [labels[name] for name in rows.index[rows["difference_high"] < 0]]:
            fails.append(f"Worse than that baseline beyond the interval: {', '.join(behind)}.")
    if chance := [labels[name] for name in rows.index[rows["p"] > SURE]]:
        fails.append(f"Not beyond chance (p > {SURE}): {', '.join(chance)}.")
    if rows["seeds"].max() == 1:
        doubt.append("One seed: differences between networks may be luck.")
    if rows["shuffled"].eq("tracks").any():
        doubt.append(
            "Some songs have several genres, so chance levels treat their clips as independent."
        )
    return {SEPARATES: separates, FAILS: fails, DOUBT: doubt}


def _labels(methods: pd.DataFrame) -> pd.Series:
    """Return labels by name, marked wherever a model was trained on other data."""
    marks = np.where(methods["effective"].eq(ELSEWHERE), MARKS[ELSEWHERE], "")
    return (methods["label"] + marks).set_axis(methods["name"])


def _best(
    rows: pd.DataFrame, unseen: pd.DataFrame, labels: pd.Series, methods: pd.DataFrame, k: int
) -> list[str]:
    """Name the best method that discovered what it shows, and the best trained on other data."""
    best = unseen.loc[unseen["value"].idxmax()]
    elsewhere = methods.loc[methods["effective"] == ELSEWHERE, "name"]
    only = " and learned from these tracks alone" if len(elsewhere) else ""
    sentences = [
        f"With k = {k}, of the methods that saw no genres{only} {labels[best.name]} agrees best "
        f"with them: NMI {_around(best)}, where shuffled genres give {best['chance']:.3f}."
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
    baseline = rows["baseline"].dropna().iloc[0]
    named = ", ".join(labels[name] for name in ahead) or "no method"
    return [
        "It is the strongest plain baseline."
        if best == baseline
        else f"The strongest plain baseline is {labels[baseline]}: NMI "
        f"{_around(rows.loc[baseline])}.",
        f"Better than that baseline, by more than the interval of the paired difference ({AHEAD}): "
        f"{named}.",
    ]


def _around(row: pd.Series) -> str:
    return f"{row['value']:.3f} (90 % interval over songs {row['low']:.3f} to {row['high']:.3f})"


def notes(k: int) -> list[str]:
    """Explain the table, one sentence each."""
    return [
        f"NMI with genre for k = {k}, means over seeds. The interval is over songs, because tracks "
        "of one song are not independent.",
        "Chance: the same clusters against shuffled genres. In language: genres are shuffled only "
        "inside each language, so this is the agreement that language alone explains. p is "
        "one-sided.",
        "Difference: from the strongest plain baseline on the same resamples of songs. That "
        "baseline was chosen by the same labels, which favours it.",
        "Stability: mean adjusted Rand index between seeds, and between resamples of songs. Songs "
        "are resampled in an unchanged space, for the first of the configured k and for methods "
        "that find theirs.",
    ]
