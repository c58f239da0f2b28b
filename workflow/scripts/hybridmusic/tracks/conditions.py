"""Label or outside data that influences a space on the tracks of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hybridmusic.terms import ELSEWHERE, GENRE, LANGUAGE, NONE, SUPERVISED

if TYPE_CHECKING:
    import pandas as pd


def effective(condition: str, tracks: pd.DataFrame) -> str:
    """Return the condition that the labels of `tracks` (`genre`, `language`) allow.

    Without genres a network conditioned on genre is conditioned on language, and without several
    languages on nothing. A SUPERVISED one has nothing to learn. ELSEWHERE, a model trained on
    other data, does not depend on the tracks.
    """
    if condition == ELSEWHERE:
        return ELSEWHERE
    if condition in (GENRE, SUPERVISED) and tracks["genre"].notna().any():
        return GENRE
    if condition in (GENRE, LANGUAGE) and tracks["language"].nunique() > 1:
        return LANGUAGE
    return NONE
