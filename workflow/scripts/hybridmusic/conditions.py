"""What a network that is conditioned on labels is really given, where labels are missing."""

from __future__ import annotations

import pandas as pd

# Behind every label of what was shown the genres that it is scored on.
MARK = "†"


def effective(condition: str, tracks: pd.DataFrame) -> str:
    """The condition that `tracks`, with `genre` and `language`, allow: genre, language or none.

    Without any genre a network conditions on language, and without several languages on nothing.
    """
    if condition == "genre" and tracks["genre"].notna().any():
        return "genre"
    if condition in ("genre", "language") and tracks["language"].nunique() > 1:
        return "language"
    return "none"


def marked(label: str, condition: str, tracks: pd.DataFrame) -> str:
    """The label, with the mark if what it stands for was really shown the genres."""
    return label + (MARK if effective(condition, tracks) == "genre" else "")


def saw_genres(methods: pd.DataFrame) -> list[str]:
    """The note on what MARK means, for tables of `methods` (`label`, `effective`) that have it."""
    labels = methods.loc[methods["effective"] == "genre", "label"]
    if labels.empty:
        return []
    return [f"{MARK} saw the genre labels that it is scored on: {', '.join(labels)}."]
