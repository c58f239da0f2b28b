"""A run in plain words: what its tables say, put together by what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from hybridmusic.tables.sheet import HEADINGS

COLLECTION = "What there is"
UNLABELLED = "without genres: scores say how compact clusters are, ears what they mean."
# What may be markup in reStructuredText, where every character may stand behind a backslash.
MARKUP = re.compile(r"([^\w\s]|_)")


def collection(tracks: pd.DataFrame, rejected: int) -> list[str]:
    """In words, what was described: `tracks` with `language`, `genre` and `song`."""
    by_language = tracks["language"].value_counts(sort=False)
    languages = ", ".join(f"{count} {name}" for name, count in by_language.items())
    genres = tracks["genre"].nunique()
    told = f"{len(tracks)} tracks of {tracks['song'].nunique()} songs ({languages}), "
    told += f"of {genres} genres." if genres else UNLABELLED
    files = {0: "No file was rejected.", 1: "One file was rejected: rejected.csv says why."}
    return [told, files.get(rejected, f"{rejected} files were rejected: rejected.csv says why.")]


def summary(described: list[str], words: Iterable[Mapping[str, list[str]]]) -> dict[str, list[str]]:
    """What was `described`, and the verdicts of all tables, each by heading, in their order."""
    words = list(words)
    found = {COLLECTION: described}
    for heading in HEADINGS:
        told = [sentence for table in words for sentence in table.get(heading, [])]
        if told:
            found[heading] = list(dict.fromkeys(told))
    return found


def to_markdown(title: str, told: Mapping[str, list[str]]) -> str:
    """A heading for the title and for each of the parts, with its sentences as a list."""
    parts = [f"# {title}"]
    for heading, sentences in told.items():
        parts.append(f"## {heading}")
        parts.append("\n".join(f"- {' '.join(sentence.split())}" for sentence in sentences))
    return "\n\n".join(parts) + "\n"


def to_rst(told: Mapping[str, list[str]]) -> str:
    """The same as reStructuredText, without a title; nothing in the sentences is markup."""
    parts = []
    for heading, sentences in told.items():
        parts.append(f"{heading}\n{'-' * len(heading)}")
        lines = (MARKUP.sub(r"\\\1", " ".join(sentence.split())) for sentence in sentences)
        parts.append("\n".join(f"- {line}" for line in lines))
    return "\n\n".join(parts) + "\n"
