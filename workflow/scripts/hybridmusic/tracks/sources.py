"""From folders and manifests to a catalogue of tracks (paper, section 3.2.1)."""

from __future__ import annotations

import csv
import hashlib
import io
import logging
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from hybridmusic.errors import ClipError, InputError
from hybridmusic.tracks import feature_tables
from hybridmusic.tracks.files import AUDIO_ENDINGS, HALLMARK, globbed, mistake, walk

logger = logging.getLogger(__name__)

COLUMNS = ["id", "source", "title", "language", "genre", "song", "file_path", "start", "content"]
# Rules that name the song of a clip from its path below the source; the match's first group, or
# the whole match, is the song. A file of its own per song needs no rule but this word.
SONG_PER_FILE = "file"


@dataclass
class Listing:
    """Tracks of a source, one row per file with COLUMNS, and what was left out with its reason.

    `features` and `numbers`, by id, are those of a feature table, which stands for audio: `start`
    is NaN then, and `content` a digest of the row's features. That of a file is for the caller to
    fill in.
    """

    tracks: pd.DataFrame
    rejected: list[tuple[str, str]] = field(default_factory=list)
    features: pd.DataFrame | None = None
    numbers: pd.DataFrame | None = None


def list_source(source: dict) -> Listing:
    """List the files of one source, `start` being 0.

    `source` has `name`, `path` (a folder of `<genre>/<clip>` or of clips, a glob of such clips, a
    manifest or a feature table) and perhaps `language` and `song`. Raises InputError where there
    is nothing to list.
    """
    if sentence := mistake(source):
        raise InputError(sentence)
    path = Path(source["path"])
    closed: list[OSError] = []
    if path.is_dir():
        listing = _list_files(source, path, walk(path, onerror=closed.append))
        listing.rejected += [
            (_escaped(error.filename), f"cannot be opened: {error.strerror}") for error in closed
        ]
    elif path.is_file():
        listing = _list_table(source, path)
    else:
        listing = _list_files(source, *globbed(source["path"]))
    if listing.tracks.empty and listing.rejected:
        file, reason = listing.rejected[0]
        raise InputError(
            f"source {source['name']!r}: nothing below {path} can be used, such as {file}, which "
            f"{reason}"
        )
    twice = listing.tracks["id"][listing.tracks["id"].duplicated()]
    if len(twice):
        raise InputError(f"source {source['name']!r}: two tracks have the id {twice.iloc[0]!r}")
    return listing


def duplicates(tracks: pd.DataFrame, drop: bool) -> pd.DataFrame:
    """The rows of `tracks` whose content another row has too: `content, id, file_path, kept`.

    Equal rows follow each other, in the order of the first of each group, and keep their index.
    `kept` is false for all but that first one if `drop`. Rows without content are like no other.
    """
    equal = tracks[tracks["content"].notna() & tracks["content"].duplicated(keep=False)]
    group = equal.groupby("content", sort=False).ngroup()
    equal = equal.loc[group.sort_values(kind="stable").index]
    kept = ~equal["content"].duplicated() | (not drop)
    return equal[["content", "id", "file_path"]].assign(kept=kept)


def starts(duration: float, seconds: float, segments: int | str, cut_from: str) -> list[float]:
    """Where segments of `seconds` begin in a file of `duration`, in s: in order, never overlapping.

    `segments` is a number or `all`; where fewer have room there are fewer, but always one. They
    follow each other from the `start` on or in the `middle`, or are `spread` evenly from the very
    start to the very end.
    """
    room = max(1, int(duration / seconds + 1e-6))
    count = room if segments == "all" else min(segments, room)
    spare = max(0.0, duration - count * seconds)
    first = spare / 2 if cut_from == "middle" else 0.0
    gap = spare / max(1, count - 1) if cut_from == "spread" else 0.0
    return [first + n * (seconds + gap) for n in range(count)]


def segment(
    tracks: pd.DataFrame,
    seconds: float,
    segments: int | str,
    cut_from: str,
    durations: Iterable[float | ClipError | None],
) -> pd.DataFrame:
    """A row for every segment that is cut from a file (see `starts`), `<id>#<n>` if several.

    `durations` are those of the tracks' files, in s, and are asked for only where they matter. A
    row stays as it is where there is none, as of a feature table's row, and where it could not be
    read: decoding the file will tell why.
    """
    if segments == 1 and cut_from != "middle":
        return tracks  # the only segment begins at 0, however long the file is
    rows = []
    for row, duration in zip(tracks.to_dict("records"), durations, strict=True):
        begins = [row["start"]]
        if duration is not None and not isinstance(duration, ClipError):
            begins = starts(duration, seconds, segments, cut_from)
        for number, start in enumerate(begins):
            name = f"{row['id']}#{number}" if len(begins) > 1 else row["id"]
            rows.append(row | {"id": name, "start": start})
    return pd.DataFrame(rows, columns=COLUMNS)


def sample(tracks: pd.DataFrame, size: int, source: str, seed: int) -> pd.DataFrame:
    """`size` random tracks of one source, or all with a warning where there are fewer."""
    if size >= len(tracks):
        if size > len(tracks):
            logger.warning(
                "source %r has %d tracks, fewer than the sample of %d: all are used",
                source,
                len(tracks),
                size,
            )
        return tracks
    return _draw(tracks, size, seed)


def balance(tracks: pd.DataFrame, seed: int) -> pd.DataFrame:
    """As many random tracks of every language as the rarest one has."""
    counts = tracks["language"].value_counts()
    rarest = counts.min()
    for language, count in counts.items():
        if count > rarest:
            logger.warning(
                "%d of %d %s tracks are used, as many as %s has (balance: false uses all)",
                rarest,
                count,
                language,
                counts.idxmin(),
            )
    kept = [
        _draw(group, rarest, seed) if len(group) > rarest else group
        for _, group in tracks.groupby("language", sort=True)
    ]
    return pd.concat(kept).sort_index()


def _draw(tracks: pd.DataFrame, size: int, seed: int) -> pd.DataFrame:
    """`size` random rows in their old order.

    Each row has a lot of its own, a hash of its id and the seed, and the lowest are drawn: a track
    more in the source changes one of the drawn at most, not all of them.
    """
    lots = [hashlib.blake2b(f"{seed} {name}".encode()).hexdigest() for name in tracks["id"]]
    return tracks.iloc[np.sort(np.argsort(lots)[:size])]


def _list_files(source: dict, folder: Path, files: list[Path]) -> Listing:
    name_song = _song_rule(source)
    rows, rejected = [], []
    for file in files:
        if file.suffix.lower() not in AUDIO_ENDINGS:
            continue
        below = file.relative_to(folder).as_posix()
        if not _is_text(below):
            rejected.append((_escaped(str(file)), "has a name that is not valid text"))
            continue
        parent = PurePosixPath(below).parent.name
        rows.append(
            {
                "id": f"{source['name']}/{below}",
                "source": source["name"],
                "title": file.stem,
                "language": source["language"],
                "genre": parent or None,
                "song": f"{source['name']}/{name_song(below)}",
                "file_path": str(file),
                "start": 0.0,
                "content": None,
            }
        )
    return Listing(pd.DataFrame(rows, columns=COLUMNS), rejected)


def _list_table(source: dict, path: Path) -> Listing:
    """List a manifest, or a feature table, which is a manifest whose features are known."""
    table = _read_manifest(path)
    where = f"source {source['name']!r}: {path}"
    known = HALLMARK in table
    if known:
        table = table.rename(columns={"filename": "file_path", "label": "genre"})
    if table["file_path"].isna().any():
        raise InputError(f"{where} has rows without a file_path")
    if table.empty:
        raise InputError(f"{where} has no rows")
    below = table["file_path"].str.replace(os.sep, "/")
    name_song = _song_rule(source) if "song" not in table else None
    tracks = pd.DataFrame(
        {
            "id": _filled(table, "id", source["name"] + "/" + below),
            "source": source["name"],
            "title": _filled(table, "title", below.map(lambda name: PurePosixPath(name).stem)),
            "language": table.get("language", source.get("language")),
            "genre": table.get("genre"),
            "song": source["name"]
            + "/"
            + (below.map(name_song) if name_song else table["song"].fillna(below)),
            "file_path": [str(path.parent / name) for name in table["file_path"]],
            "start": np.nan if known else 0.0,
            "content": None,
        },
        columns=COLUMNS,
    )
    without = tracks["language"].isna()
    if without.any():
        raise InputError(f"{where}: {tracks.loc[without, 'id'].iloc[0]!r} has no language")
    if not known:
        return Listing(tracks)
    features = feature_tables.features(table.rename(columns={"file_path": "filename"}), where)
    tracks["content"] = feature_tables.digests(features)
    numbers = feature_tables.numbers(table.drop(columns=COLUMNS, errors="ignore"))
    known = (frame.set_index(tracks["id"]) for frame in (features, numbers))
    return Listing(tracks, [], *known)


def _filled(table: pd.DataFrame, column: str, otherwise: pd.Series) -> pd.Series:
    """A column that may be missing or have gaps, these taken from `otherwise`."""
    return table[column].fillna(otherwise) if column in table else otherwise


def _read_manifest(path: Path) -> pd.DataFrame:
    """All columns as text, blank fields as None."""
    try:
        if path.suffix.lower() == ".parquet":
            table = pd.read_parquet(path).astype("string").astype(object)
        else:
            table = _read_csv(path, "\t" if path.suffix.lower() == ".tsv" else ",")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} cannot be read as a manifest: byte {error.start + 1} of it or of one of its "
            "fields is not UTF-8 text"
        ) from error
    except (ValueError, OSError, csv.Error) as error:
        told = str(error).partition("\n")[0]
        raise InputError(f"{path} cannot be read as a manifest: {told}") from error
    blank = table.isna() | table.apply(lambda column: column.str.strip() == "")
    return table.where(~blank, None)


def _read_csv(path: Path, separator: str) -> pd.DataFrame:
    """All columns as text; ValueError where pandas would guess or drop what does not fit."""
    text = path.read_bytes().decode("utf-8-sig")
    if "\0" in text:
        raise ValueError("it holds NUL bytes, so it is no text")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header = next(reader, None)
    if not header:
        raise ValueError("it has no header")
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"two columns are named {twice!r}")
    rows = []
    for row in filter(None, reader):
        if len(row) != len(header):
            raise ValueError(
                f"line {reader.line_num} has {len(row)} fields, and the header {len(header)}"
            )
        rows.append(row)
    return pd.DataFrame(rows, columns=header, dtype=object)


def _song_rule(source: dict) -> Callable[[str], str]:
    """The function that names a clip's song from its path below the source."""
    rule = source.get("song")
    if rule is None:
        logger.warning(
            "source %r does not say which clips are of one song: each file counts as a song of "
            "its own, so intervals and held-out scores may be too good (set the source's song)",
            source["name"],
        )
    if rule in (None, SONG_PER_FILE):
        return lambda below: below
    pattern = re.compile(rule)

    def name_song(below: str) -> str:
        match = pattern.search(below)
        if match is None:
            logger.warning("song rule %r does not fit %r: it is its own song", rule, below)
            return below
        return match.group(1 if pattern.groups else 0)

    return name_song


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _escaped(name: str) -> str:
    return os.fsencode(name).decode("utf-8", errors="backslashreplace")
