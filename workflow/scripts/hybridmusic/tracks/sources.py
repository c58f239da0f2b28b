"""List the tracks of a folder, glob, manifest or feature table (paper, section 3.2.1)."""

from __future__ import annotations

import csv
import logging
import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from hybridmusic.errors import InputError
from hybridmusic.tracks import feature_tables, manifests, metadata
from hybridmusic.tracks.debris import counted
from hybridmusic.tracks.files import (
    HALLMARK,
    METADATA_COLUMNS,
    metadata_path,
    mistake,
    mistake_of_metadata,
    music,
)

logger = logging.getLogger(__name__)

COLUMNS = [
    *("id", "source", "title", "language", "genre", "song", "artist", "fold", "file_path"),
    *("start", "content"),
]
# Columns of a feature table, and of a manifest; where a table has both, the manifest's count.
NAMES = {"filename": "file_path", "label": "genre"}
# A source's `song` is a regular expression, searched in a clip's path below the source: the first
# group of the match, or the whole match, names the song. This word stands for one file per song.
SONG_PER_FILE = "file"


@dataclass
class Listing:
    """Tracks of a source, and the files that were left out.

    For a feature table, which stands for audio, `start` is NaN and `content` a digest of the row's
    features. Otherwise `start` is 0, and `content` is left for the caller to fill in.
    """

    tracks: pd.DataFrame  # one row per file, with COLUMNS
    rejected: list[tuple[str, str]] = field(default_factory=list)  # path and reason
    features: pd.DataFrame | None = None  # of a feature table, by id, as are `numbers`
    numbers: pd.DataFrame | None = None
    ignored: Counter = field(default_factory=Counter)  # number of files by reason


def list_source(source: dict) -> Listing:
    """List the tracks of one source.

    It has a `name`, a `path` (a folder of `<genre>/<clip>` or of clips, a glob of such clips, a
    manifest or a feature table), and perhaps `language`, `song` and `metadata`. A fact of a track
    is the manifest's or the folder's, else the metadata's, else the source's. Raises InputError if
    there is nothing to list, two tracks have one id, or the metadata are of no track.
    """
    if sentence := mistake(source) or mistake_of_metadata(source):
        raise InputError(sentence)
    path = Path(source["path"])
    if path.is_file():
        listing = _list_table(source, path)
    else:
        found = music(source["path"])
        listing = _list_files(source, found.folder, found.files)
        listing.ignored.update(found.ignored)
        listing.rejected += [
            (_escaped(str(error.filename)), f"cannot be opened: {error.strerror}")
            for error in found.closed
        ]
    if sentence := counted(listing.ignored):
        logger.info("source %r: %s", source["name"], sentence)
    if listing.tracks.empty and listing.rejected:
        file, reason = listing.rejected[0]
        raise InputError(
            f"source {source['name']!r}: no file below {path} can be used; {file}, for example, "
            f"{reason}"
        )
    repeated = listing.tracks.loc[listing.tracks["id"].duplicated(), "id"]
    if len(repeated):
        raise InputError(f"source {source['name']!r}: two tracks have the id {repeated.iloc[0]!r}")
    return listing


def _list_files(source: dict, folder: Path, files: list[Path]) -> Listing:
    rows, paths, rejected = [], [], []
    for file in files:
        below = file.relative_to(folder).as_posix()
        if not _is_text(below):
            rejected.append((_escaped(str(file)), "has a name that is not valid text"))
            continue
        parent = PurePosixPath(below).parent.name
        paths.append(below)
        rows.append(
            {
                "id": f"{source['name']}/{below}",
                "source": source["name"],
                "genre": parent or None,
                "file_path": str(file),
                "start": 0.0,
                "content": None,
            }
        )
    tracks = pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(METADATA_COLUMNS, object))
    if rows:
        _complete(tracks, source, paths, partial(_named_songs, source), source.get("language"))
    return Listing(tracks, rejected)


def _list_table(source: dict, path: Path) -> Listing:
    """List a manifest, or a feature table, which is a manifest with features."""
    table = _read_manifest(path, source.get("encoding"))
    where = f"source {source['name']!r}: {path}"
    for name, known in manifests.meant(table.columns).items():
        logger.warning("%s: the column %r is not used; did you mean %s?", where, name, known)
    has_features = HALLMARK in table
    if has_features:
        names = {old: new for old, new in NAMES.items() if new not in table}
        table = table.rename(columns=names)
    if table["file_path"].isna().any():
        raise InputError(f"{where} has rows without a file_path")
    if table.empty:
        raise InputError(f"{where} has no rows")
    is_file = table["file_path"].map(manifests.is_file)
    rejected = [(text, "is an address, not a file") for text in table.loc[~is_file, "file_path"]]
    table = table[is_file].reset_index(drop=True)
    below = table["file_path"].str.strip().str.replace(os.sep, "/")
    tracks = pd.DataFrame(
        {
            **{name: table.get(name) for name in METADATA_COLUMNS},
            "id": _filled(table, "id", source["name"] + "/" + below),
            "source": source["name"],
            "file_path": [str(manifests.located(name, path.parent)) for name in table["file_path"]],
            "start": np.nan if has_features else 0.0,
            "content": None,
        },
        columns=COLUMNS,
    )
    name_songs = list if "song" in table else partial(_named_songs, source)
    language = None if "language" in table else source.get("language")
    _complete(tracks, source, below.to_list(), name_songs, language)
    if not has_features:
        return Listing(tracks, rejected)
    features = feature_tables.features(table, table["file_path"], where)
    tracks["content"] = feature_tables.digests(features)
    # A label that is a number must not become part of the description.
    numbers = feature_tables.numbers(table.drop(columns=[*COLUMNS, *NAMES], errors="ignore"))
    return Listing(
        tracks, rejected, *(frame.set_index(tracks["id"]) for frame in (features, numbers))
    )


def _complete(
    tracks: pd.DataFrame,
    source: dict,
    below: list[str],
    name_songs: Callable[[list[str]], list[str]],
    language: str | None,
) -> None:
    """Fill gaps in METADATA_COLUMNS from the source's metadata, then by its rules, in place.

    Parameters
    ----------
    tracks : with COLUMNS
    source : see `list_source`
    below : path of each track below the source
    name_songs : names the songs of such paths
    language : of tracks for which none is known
    """
    where = f"source {source['name']!r}"
    if path := metadata_path(source):
        table = _read_manifest(path, source.get("encoding"))
        facts = metadata.known(tracks["file_path"], table, f"{where}: the metadata {path}")
        for name in METADATA_COLUMNS:
            tracks[name] = tracks[name].where(tracks[name].notna(), facts[name])
    unknown = tracks["song"].isna().to_numpy()
    if unknown.any():
        paths = [path for path, is_unknown in zip(below, unknown, strict=True) if is_unknown]
        tracks.loc[unknown, "song"] = name_songs(paths)
    tracks["song"] = source["name"] + "/" + tracks["song"]
    stems = pd.Series([PurePosixPath(path).stem for path in below], tracks.index)
    tracks["title"] = tracks["title"].where(tracks["title"].notna(), stems)
    tracks["language"] = tracks["language"].where(tracks["language"].notna(), language)
    lacking = tracks.loc[tracks["language"].isna(), "id"]
    if len(lacking):
        raise InputError(f"{where}: {source['path']}: {lacking.iloc[0]!r} has no language")


def _filled(table: pd.DataFrame, column: str, otherwise: pd.Series) -> pd.Series:
    """Return a column; where it is missing or has gaps, `otherwise`."""
    return table[column].fillna(otherwise) if column in table else otherwise


def _read_manifest(path: Path, encoding: str | None) -> pd.DataFrame:
    """Read all columns as text, blank fields as None."""
    try:
        if path.suffix.lower() == ".parquet":
            table = _read_parquet(path)
        else:
            names, rows = manifests.read(path, encoding)
            table = pd.DataFrame(rows, columns=names, dtype=object)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} cannot be read as a manifest: byte {error.start + 1} of it or of one of its "
            "fields is not UTF-8 text; save it as UTF-8, or set the source's encoding, such as "
            "latin-1"
        ) from error
    except LookupError as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    except (ValueError, OSError, csv.Error) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"{path} cannot be read as a manifest: {reason}") from error
    blank = table.isna() | table.apply(lambda column: column.str.strip() == "")
    return table.where(~blank, None)


def _read_parquet(path: Path) -> pd.DataFrame:
    """Read the columns of a Parquet file that are text or numbers, with those of its index."""
    table = pd.read_parquet(path)
    if any(table.index.names):
        table = table.reset_index()
    table.columns = [manifests.spelled(str(name)) for name in table]
    # Bytes that nobody needs, such as pictures, are no text.
    unused = [name for name in table if name not in manifests.KNOWN and _is_binary(table[name])]
    return table.drop(columns=unused).astype("string").astype(object)


def _is_binary(column: pd.Series) -> bool:
    return column.dtype == object and column.map(lambda value: not isinstance(value, str)).any()


def _named_songs(source: dict, below: list[str]) -> list[str]:
    """Name the song of each clip by the source's rule, from its path below the source."""
    rule = source.get("song")
    if rule is None:
        logger.warning(
            "source %r does not say which clips are of one song: each file counts as one song, so "
            "intervals and held-out scores may be too good (set the source's song)",
            source["name"],
        )
    if rule in (None, SONG_PER_FILE):
        return below
    pattern = re.compile(rule)

    def name_song(path: str) -> str:
        match = pattern.search(path)
        if match is None:
            logger.warning("song rule %r does not match %r, which counts as one song", rule, path)
            return path
        return match.group(1 if pattern.groups else 0)

    return list(map(name_song, below))


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _escaped(name: str) -> str:
    return os.fsencode(name).decode("utf-8", errors="backslashreplace")
