"""Table of the associations of the sentences' words with genre and language."""

from __future__ import annotations

import pandas as pd

from hybridmusic.studies import associations
from hybridmusic.tables.sheet import ABSENT, CHECKED
from hybridmusic.terms import GENRE

SURE = 0.05  # a corrected p below this counts as an association
NAMES = (
    *("Words", "Label", "Tracks", "Chi-squared", "Degrees", "p (independent)"),
    *("Cramér's V", "Cramér's V (chance)", "Information", "p", "p (Holm)", "p (in language)"),
)
COLUMNS = dict(zip(associations.COLUMNS, NAMES, strict=True))


def verdicts(measured: pd.DataFrame) -> dict[str, list[str]]:
    """State whether words are associated with genre, from a table of `associations`."""
    with_genre = measured[measured["label"] == GENRE]
    if with_genre.empty:
        return {ABSENT: ["There are fewer than two genres, so no association can be tested."]}
    related = with_genre[with_genre["p_holm"] < SURE]
    if related.empty:
        return {
            CHECKED: [
                "The paper's claim that sentences do not correlate with genre is not refuted "
                f"here: no association with genre is beyond chance (Holm's p < {SURE})."
            ]
        }
    strongest = related.loc[related["cramers_v"].fillna(0).idxmax()]
    sentences = [
        "The paper's claim that sentences do not correlate with genre does not hold here. These "
        f"words are associated with genre beyond chance (Holm's p < {SURE}): "
        f"{', '.join(related['words'])}. The strongest association is that of "
        f"{strongest['words']}, Cramér's V {strongest['cramers_v']:.2f} (chance "
        f"{strongest['chance_v']:.2f})."
    ]
    if with_genre["p_in_language"].notna().any():
        inside = with_genre.loc[with_genre["p_in_language"] < SURE, "words"]
        sentences.append(f"Within each language as well: {', '.join(inside) or 'none of them'}.")
    return {CHECKED: sentences}


def notes(permutations: int) -> list[str]:
    """Explain the columns, one sentence each."""
    return [
        "Chi-squared is Pearson's; its p treats clips of one song as independent. Information is "
        f"mutual information in nats; its p is from {permutations} shuffles of the labels over "
        "songs, and Holm's correction is for the number of rows.",
        "Cramér's V is 1 if one label determines the other. Its correction for bias is for "
        "independent tracks. Clips of one song are not, so its chance level, the mean of the same "
        "shuffles, is above 0.",
        "p (in language): genres shuffled only within each language, so that an association that "
        "language alone explains does not count. Corrected by Holm's method.",
    ]
