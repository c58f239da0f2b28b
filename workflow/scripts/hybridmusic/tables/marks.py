"""Marks behind the labels of methods that saw genre labels or were trained on other data."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from hybridmusic.terms import ELSEWHERE, GENRE
from hybridmusic.tracks.conditions import effective

MARKS = {GENRE: "†", ELSEWHERE: "‡"}
MEANINGS = {
    GENRE: "saw genre labels, those that it is scored on or those of other songs",
    ELSEWHERE: "made with a model that was trained on other data, with or without labels",
}
MARK = MARKS[GENRE]


def marked(label: str, condition: str, tracks: pd.DataFrame) -> str:
    """Return the label with the mark of its effective condition on these tracks, if it has one."""
    return label + MARKS.get(effective(condition, tracks), "")


def marked_by_name(
    names: Iterable[str], conditions: Iterable[str], tracks: pd.DataFrame
) -> dict[str, str]:
    """Return the marked label of each space that is labelled by its name, by this name."""
    return {name: marked(name, one, tracks) for name, one in zip(names, conditions, strict=True)}


def discovers(methods: pd.DataFrame) -> pd.Series:
    """Return which of `methods` (`effective`) saw only these tracks, without genres."""
    return ~methods["effective"].isin(MARKS)


def notes_on_marks(methods: pd.DataFrame) -> list[str]:
    """Explain the marks of a table of `methods` (`label`, `effective`), one sentence each."""
    labels = {seen: methods.loc[methods["effective"] == seen, "label"] for seen in MARKS}
    return [
        f"{MARKS[seen]} {MEANINGS[seen]}: {', '.join(names)}."
        for seen, names in labels.items()
        if len(names)
    ]
