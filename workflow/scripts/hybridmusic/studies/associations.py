"""Whether two kinds of labels go together, as the words of a sentence and a genre."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency

from hybridmusic.evaluation import contingency
from hybridmusic.evaluation.resampling import against_chance, codes, shuffles

LABELS = ("genre", "language")
SURE = 0.05  # what a corrected p has to lie below
V = "Cramér's V"
COLUMNS = (
    *("Words", "Label", "Tracks", "Chi-squared", "Degrees", "p (independent)", V),
    *("Information", "p", "p (Holm)", "p (in language)"),
)


class Association(NamedTuple):
    """How strongly two kinds of labels go together, and how surely."""

    chi_squared: float
    degrees: int
    p_independent: float  # of chi-squared: as if every track were a song of its own
    cramers_v: float  # 0..1
    information: float  # nats
    p: float  # of information: labels shuffled over songs


def associate(words, labels, songs, n: int, rng: np.random.Generator, within=None) -> Association:
    """Association of `words` with `labels`, both (tracks,), by `n` permutations over songs.

    Chi-squared is Pearson's, without Yates's correction. `within`: see `resampling.shuffles`.
    """
    word, label = codes(words), codes(labels)
    shape = (word.max() + 1, label.max() + 1)
    dealt = np.array([label, *shuffles(label, songs, n, rng, within)])
    tables = contingency.tables(word, dealt, shape)
    value, *shuffled = contingency.mutual_information(tables)
    test = chi2_contingency(tables[0], correction=False)
    return Association(
        chi_squared=float(test.statistic),
        degrees=int(test.dof),
        p_independent=float(test.pvalue),
        cramers_v=cramers_v(tables[0]),
        information=float(value),
        p=against_chance(value, np.array(shuffled)).p,
    )


def cramers_v(table: np.ndarray) -> float:
    """Bias-corrected Cramér's V of counts (words, labels), 0..1 (Bergsma 2013).

    NaN where one side has a single value, or no more tracks than values.
    """
    n = table.sum()
    shape = np.array(table.shape)
    phi2 = chi2_contingency(table, correction=False).statistic / n
    phi2 = max(0.0, phi2 - (shape - 1).prod() / (n - 1))
    size = (shape - (shape - 1) ** 2 / (n - 1)).min()
    return float(min(1.0, np.sqrt(phi2 / (size - 1)))) if size > 1 else float("nan")


def holm(p: Sequence[float]) -> np.ndarray:
    """`p` (tests,) corrected for their number, so that all hold together (Holm 1979)."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return np.minimum(adjusted, 1)


def associations(words: pd.DataFrame, tracks: pd.DataFrame, n: int, seed: int) -> pd.DataFrame:
    """Association of every column of `words` with genre and with language, one row a pair.

    `tracks` has `genre`, `language` and `song`, in the rows of `words`. Tracks without a label are
    left out, and a label of fewer than two kinds. `p (Holm)` is corrected for all rows, and
    `p (in language)`, of genres shuffled only inside each language, for all of its column.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for label in LABELS:
        known = tracks[label].notna().to_numpy()
        of, said = tracks[known], words[known]
        if of[label].nunique() < 2:
            continue
        several = label == "genre" and of["language"].nunique() > 1
        for name in words:
            pair = said[name], of[label], of["song"]
            found = associate(*pair, n, rng)
            within = associate(*pair, n, rng, of["language"]).p if several else np.nan
            row = (found.chi_squared, found.degrees, found.p_independent, found.cramers_v)
            rows.append((name, label, len(of), *row, found.information, found.p, np.nan, within))
    table = pd.DataFrame(rows, columns=COLUMNS)
    table["p (Holm)"] = holm(table["p"])
    inside = table["p (in language)"].notna()
    table.loc[inside, "p (in language)"] = holm(table.loc[inside, "p (in language)"])
    return table


def verdicts(table: pd.DataFrame) -> list[str]:
    """In words, whether sentences go with genre, which the paper denies; from `associations`."""
    with_genre = table[table["Label"] == "genre"]
    if with_genre.empty:
        return ["There are fewer than two genres, so nothing can be said of them."]
    related = with_genre[with_genre["p (Holm)"] < SURE]
    if related.empty:
        return [
            "The paper's claim that sentences do not correlate with genre is not refuted here: no "
            f"association with genre is beyond chance (Holm's p < {SURE})."
        ]
    strongest = related.loc[related[V].fillna(0).idxmax()]
    found = [
        "The paper's claim that sentences do not correlate with genre does not hold here: beyond "
        f"chance are {', '.join(related['Words'])} (Holm's p < {SURE}), most of all "
        f"{strongest['Words']}, Cramér's V {strongest[V]:.2f}."
    ]
    if with_genre["p (in language)"].notna().any():
        inside = with_genre.loc[with_genre["p (in language)"] < SURE, "Words"]
        found.append(f"Inside each language too: {', '.join(inside) or 'none of them'}.")
    return found


def notes(n: int) -> list[str]:
    """What a reader of `associations` has to know, one sentence each; `n` permutations."""
    return [
        "Chi-squared is Pearson's; its p takes clips of one song for independent. Information, in "
        f"nats, has a p of its own by {n} shuffles of the labels over songs, which Holm corrects "
        "for the number of rows.",
        "Cramér's V is corrected for bias: 0 by chance, 1 where the one tells the other.",
        "p (in language): genres shuffled only inside each language, so that what language alone "
        "explains is no evidence. Corrected by Holm.",
    ]
