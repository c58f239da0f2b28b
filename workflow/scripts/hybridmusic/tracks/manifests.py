"""Read manifests as people have them: tables of spreadsheets, and playlists.

All fields are text. The workflow imports this whenever it is parsed, so it needs nothing but the
standard library, and pyarrow for Parquet alone.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

TABLES, PLAYLISTS = (".csv", ".tsv", ".parquet"), (".m3u", ".m3u8", ".xspf")
ENDINGS = TABLES + PLAYLISTS
SEPARATORS = ",;\t"
# Columns that are read, in the spelling of the workflow.
KNOWN = ("file_path", "filename", "id", "title", "language", "genre", "label", "song", "artist")
KNOWN += ("fold",)
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# What players write between artist and title in a playlist.
DASH = " - "
XSPF = "{http://xspf.org/ns/0/}"


def header(path: Path, encoding: str | None = None) -> list[str]:
    """Return the names of a manifest's columns; none if it is none that can be read."""
    ending = path.suffix.lower()
    try:
        if ending == ".parquet":
            # Imported here, because it takes longer than the rest of parsing the workflow.
            from pyarrow.parquet import read_schema

            return [spelled(name) for name in read_schema(path).names]
        if ending in PLAYLISTS:
            return ["file_path", "title", "artist"]
        if ending not in TABLES:
            return []
        with path.open("rb") as file:
            start = file.read(100_000)
        # A character may be cut in two.
        text = codecs.getincrementaldecoder(_encoding(start, encoding))().decode(start)
        return _rows(text, ending)[0]
    except (OSError, ValueError, LookupError, csv.Error):
        return []


def read(path: Path, encoding: str | None = None) -> tuple[list[str], list[list[str]]]:
    """Return the columns and rows of a table or playlist that is not Parquet.

    Tables are separated by commas, semicolons or tabs, as the header shows or a first line such as
    `sep=;` says. Blanks around names and their case do not matter. Spreadsheets leave rows, and
    columns at the end, that have neither name nor content: these are dropped.

    Parameters
    ----------
    path : its ending is one of ENDINGS
    encoding : name of a text encoding; by default UTF-8, or UTF-16 with a byte order mark

    Raises
    ------
    UnicodeDecodeError : a byte is not text in this encoding
    ValueError : it is no table, or fields would be lost
    """
    ending, data = path.suffix.lower(), path.read_bytes()
    if ending == ".xspf":
        return _xspf(data)
    if ending == ".m3u" and encoding is None and not _is_utf8(data):
        encoding = "latin-1"  # players write it so
    text = data.decode(_encoding(data, encoding))
    if "\0" in text:
        raise ValueError("it holds NUL bytes, so it is not text")
    if ending in PLAYLISTS:
        return _m3u(text)
    names, rows, lines = _rows(text, ending)
    if not names:
        raise ValueError("it has no header")
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise ValueError(f"two columns are named {repeated!r}")
    for row, line in zip(rows, lines, strict=True):
        if len(row) != len(names):
            raise ValueError(f"line {line} has {len(row)} fields, and the header {len(names)}")
    return names, rows


def meant(columns: Iterable[str]) -> dict[str, str]:
    """Return the columns that are probably misspelt, with the known name that each is like."""
    columns = list(columns)
    guesses = {}
    for name in columns:
        near = difflib.get_close_matches(name.casefold(), KNOWN, 1, cutoff=0.75)
        if name not in KNOWN and near and near[0] not in columns:
            guesses[name] = near[0]
    return guesses


def is_file(text: str) -> bool:
    """Return whether a manifest's path is of a file, and no address of the network."""
    return "://" not in text or text.strip().startswith("file://")


def located(text: str, folder: Path) -> Path:
    """Return the path that a manifest in `folder` states.

    It may be relative to the folder, begin with `~` or `file://`, have the separators of Windows,
    or be written in another Unicode form than the name of the file.
    """
    text = text.strip()
    if text.startswith("file://"):
        text = unquote(urlsplit(text).path)
    elif "\\" in text and "/" not in text:
        text = text.replace("\\", "/")
    path = folder / Path(text).expanduser() if text.startswith("~") else folder / text
    for form in ("NFC", "NFD"):
        try:
            if path.exists():
                return path
        except (OSError, ValueError):  # not a name of a file: decoding reports it
            return path
        if (other := Path(unicodedata.normalize(form, str(path)))).exists():
            return other
    return path


def _encoding(data: bytes, encoding: str | None) -> str:
    marked = next((name for mark, name in MARKS.items() if data.startswith(mark)), None)
    return encoding or marked or "utf-8"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def spelled(name: str) -> str:
    """Return a column's name without blanks around it, a known one in its own spelling."""
    name = name.strip()
    known = name.casefold().replace(" ", "_")
    return known if known in KNOWN else name


def _rows(text: str, ending: str) -> tuple[list[str], list[list[str]], list[int]]:
    """Return columns, rows and the line on which each row ends."""
    first, _, rest = text.partition("\n")
    declared = first.strip().strip('"')
    skipped = declared.casefold().startswith("sep=") and len(declared) == 5
    if skipped:
        separator, text = declared[-1], rest
    elif ending == ".tsv":
        separator = "\t"
    else:
        separator = max(
            SEPARATORS, key=lambda one: len(next(csv.reader([first], delimiter=one), []))
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    names = [spelled(name) for name in next(reader, [])]
    rows, lines = [], []
    for row in reader:
        if any(map(str.strip, row)):
            rows.append(row)
            lines.append(reader.line_num + skipped)
    width = len(names)
    while width and not names[width - 1] and not any("".join(row[width - 1 :]) for row in rows):
        width -= 1
    rows = [row[:width] if not "".join(row[width:]).strip() else row for row in rows]
    return names[:width], rows, lines


def _m3u(text: str) -> tuple[list[str], list[list[str]]]:
    rows, described = [], ("", "")
    for line in map(str.strip, text.splitlines()):
        if line.upper().startswith("#EXTINF:"):
            name = line.partition(",")[2].strip()
            artist, dash, title = name.partition(DASH)
            described = (title, artist) if dash else (name, "")
        elif line and not line.startswith("#"):
            rows.append([line, *described])
            described = ("", "")
    return ["file_path", "title", "artist"], rows


def _xspf(data: bytes) -> tuple[list[str], list[list[str]]]:
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise ValueError(f"it is no XML: {error}") from error
    rows = [
        [
            (track.findtext(f"{XSPF}{name}") or "").strip()
            for name in ("location", "title", "creator")
        ]
        for track in root.iter(f"{XSPF}track")
    ]
    # A location is an address: a relative one is quoted, too.
    rows = [[unquote(row[0]) if "://" not in row[0] else row[0], *row[1:]] for row in rows]
    return ["file_path", "title", "artist"], rows
