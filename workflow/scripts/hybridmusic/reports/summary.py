"""Summarise a run in plain words: what its tables say, under headings by subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from hybridmusic.tables.notes import named_units
from hybridmusic.tables.sheet import HEADINGS
from hybridmusic.tracks.debris import counted

COLLECTION = "The collection"
UNLABELLED = (
    "without genres: scores measure how compact clusters are; listen to learn what they mean."
)
# Every character that may be markup in reStructuredText; each may follow a backslash.
MARKUP = re.compile(r"([^\w\s]|_)")


def collection(tracks: pd.DataFrame, rejected: int, ignored: Mapping[str, int]) -> list[str]:
    """Describe tracks, their independent units, and files that were rejected or ignored.

    `rejected` and `ignored` are numbers of files, those that were ignored by reason.
    """
    by_language = tracks["language"].value_counts(sort=False)
    languages = ", ".join(f"{count} {name}" for name, count in by_language.items())
    genres = tracks["genre"].nunique()
    artists = tracks.loc[tracks["unit"] != tracks["song"], "unit"].nunique()
    by_artists = f" by {artists} artist{'s' * (artists > 1)}" if artists else ""
    sentence = f"{len(tracks)} tracks of {tracks['song'].nunique()} songs{by_artists} "
    sentence += f"({languages}), "
    sentence += f"of {genres} genres." if genres else UNLABELLED
    files = {0: "No file was rejected.", 1: "One file was rejected; rejected.csv gives the reason."}
    several = f"{rejected} files were rejected; rejected.csv gives the reasons."
    units = f"What statistics take as independent: {named_units(tracks)}."
    sentences = [sentence, units, files.get(rejected, several), counted(ignored)]
    return [sentence for sentence in sentences if sentence]


def summary(described: list[str], words: Iterable[Mapping[str, list[str]]]) -> dict[str, list[str]]:
    """Join the verdicts of tables, `words`, to the sentences on the collection, `described`.

    Headings are in the order of HEADINGS; no sentence is repeated.
    """
    words = list(words)
    parts = {COLLECTION: described}
    for heading in HEADINGS:
        if sentences := [sentence for table in words for sentence in table.get(heading, [])]:
            parts[heading] = list(dict.fromkeys(sentences))
    return parts


def to_markdown(title: str, parts: Mapping[str, list[str]]) -> str:
    """Write the parts of a summary as Markdown: a heading and a list of sentences each."""
    blocks = [f"# {title}"]
    for heading, sentences in parts.items():
        blocks.append(f"## {heading}")
        blocks.append("\n".join(f"- {' '.join(sentence.split())}" for sentence in sentences))
    return "\n\n".join(blocks) + "\n"


def to_rst(parts: Mapping[str, list[str]]) -> str:
    """Write the parts of a summary as reStructuredText without a title, and escape all markup."""
    blocks = []
    for heading, sentences in parts.items():
        blocks.append(f"{heading}\n{'-' * len(heading)}")
        lines = (MARKUP.sub(r"\\\1", " ".join(sentence.split())) for sentence in sentences)
        blocks.append("\n".join(f"- {line}" for line in lines))
    return "\n\n".join(blocks) + "\n"
