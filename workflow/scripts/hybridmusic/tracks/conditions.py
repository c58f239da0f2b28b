"""What was really seen by what is scored: labels, where there are any, or other data."""

from __future__ import annotations

import pandas as pd

from hybridmusic.terms import ELSEWHERE, GENRE, SUPERVISED

# Behind every label of what was shown the genres that it is scored on, or made with such a model.
MARKS = {"genre": "†", ELSEWHERE: "‡"}
MEANINGS = {
    "genre": "saw genre labels, those that it is scored on or those of other songs",
    ELSEWHERE: "made with a model that was trained on other data, whatever that was told",
}
MARK = MARKS["genre"]


def effective(condition: str, tracks: pd.DataFrame) -> str:
    """The condition that `tracks`, with `genre` and `language`, allow: genre, language or none.

    Without any genre a network that is conditioned on it conditions on language, and without
    several languages on nothing; one that is SUPERVISED has nothing to learn. That a model was
    trained on ELSEWHERE does not depend on the tracks.
    """
    if condition == ELSEWHERE:
        return ELSEWHERE
    if condition in (GENRE, SUPERVISED) and tracks["genre"].notna().any():
        return "genre"
    if condition in ("genre", "language") and tracks["language"].nunique() > 1:
        return "language"
    return "none"


def marked(label: str, condition: str, tracks: pd.DataFrame) -> str:
    """The label, with the mark of what was really seen by what it stands for, if it has one."""
    return label + MARKS.get(effective(condition, tracks), "")


def discovers(methods: pd.DataFrame) -> pd.Series:
    """Which of `methods` (`effective`) have seen no more than these tracks, without genres."""
    return ~methods["effective"].isin(MARKS)


def notes_on_marks(methods: pd.DataFrame) -> list[str]:
    """What MARKS mean, for tables of `methods` (`label`, `effective`) that have them."""
    labels = {seen: methods.loc[methods["effective"] == seen, "label"] for seen in MARKS}
    return [
        f"{MARKS[seen]} {MEANINGS[seen]}: {', '.join(named)}."
        for seen, named in labels.items()
        if len(named)
    ]
