"""Names, contents and fingerprints of the files of a source, and mistakes in its path.

The workflow imports this whenever it is parsed, so it needs nothing but the standard library, and
pyarrow for Parquet alone.
"""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from hybridmusic.sound.formats import AUDIO_ENDINGS, BEGINNING
from hybridmusic.tracks import debris, manifests
from hybridmusic.tracks.manifests import header

# A dot and what may follow it in a title, such as "Mr. Sandman", is no ending.
ENDING = re.compile(r"\.[A-Za-z0-9!~]{1,8}")
# Snakemake puts this into folders that rules make; nobody need know of it.
TIMESTAMP = ".snakemake_timestamp"
# Columns of the files' names in metadata, and columns that metadata may have.
NAMES_OF_FILES = ("file_path", "filename")
METADATA_COLUMNS = ("title", "language", "genre", "song", "artist", "fold")
# Metadata that are part of the workflow, by the word that stands for their path.
PUBLISHED = {"gtzan": Path(__file__).parents[3] / "published" / "gtzan.csv"}
# A column that a feature table has and a manifest lacks.
HALLMARK = "mfcc1_mean"


def mistake(source: dict) -> str | None:
    """Return a sentence on what is wrong with a source's path; None if nothing is, or no path is.

    Only names are read, and the header of a table.
    """
    if "path" not in source:
        return None
    path, where = Path(source["path"]), f"source {source['name']!r}"
    try:
        exists = path.exists()
    except OSError as error:
        return f"{where}: {path} cannot be opened: {error.strerror}"
    if path.is_file() and path.suffix.lower() in manifests.ENDINGS:
        return _mistake_of_table(source, path)
    if exists and not path.is_dir():
        return (
            f"{where}: {path} is neither a folder nor a manifest or table "
            f"({', '.join(manifests.ENDINGS)})"
        )
    if not exists and not glob.has_magic(source["path"]):
        return (
            f"{where}: {path} does not exist; put the audio there, or set the source's path to "
            "where it is"
        )
    found = music(source["path"])
    # Audio may be in a folder that cannot be opened: listing the source reports such folders.
    if not found.closed and not found.files:
        ignored = f" {debris.counted(found.ignored)}" if found.ignored else ""
        return (
            f"{where}: no audio below {path}; allowed endings: {', '.join(AUDIO_ENDINGS)}.{ignored}"
        )
    if "language" not in source and "language" not in _columns_of_metadata(source):
        return f"{where}: {path} needs a language: set the source's language"
    return None


def metadata_path(source: dict) -> Path | None:
    """Return the path of a source's metadata, if it has some."""
    name = source.get("metadata")
    return PUBLISHED.get(name, Path(name)) if name else None


def mistake_of_metadata(source: dict) -> str | None:
    """Return a sentence on what is wrong with a source's metadata; None if nothing is, or none are.

    Only the header is read.
    """
    path = metadata_path(source)
    if path is None:
        return None
    where = f"source {source['name']!r}: the metadata {path}"
    allowed = f"a table ({', '.join(manifests.TABLES)}), or one of {', '.join(PUBLISHED)}"
    if not path.is_file() or path.suffix.lower() not in manifests.TABLES:
        return f"{where} are no such file; allowed: {allowed}"
    columns = header(path)
    for needed in (NAMES_OF_FILES, METADATA_COLUMNS):
        if not set(needed) & set(columns):
            return (
                f"{where} have none of the columns {', '.join(needed)}; they have "
                f"{', '.join(map(str, columns[:12])) or 'no header'}"
            )
    return None


def _columns_of_metadata(source: dict) -> list[str]:
    path = metadata_path(source)
    return header(path) if path else []


def _mistake_of_table(source: dict, path: Path) -> str | None:
    """Return a sentence on the column that a manifest or feature table lacks."""
    columns, where = header(path, source.get("encoding")), f"source {source['name']!r}: {path}"
    if not columns:  # listing the source reports why the table cannot be read
        return None
    guesses = "".join(
        f"; did you mean {known} by {name!r}?" for name, known in manifests.meant(columns).items()
    )
    name = "filename" if HALLMARK in columns else "file_path"
    if not {name, "file_path"} & set(columns):
        named = ", ".join(map(str, columns[:12]))
        return f"{where} has no column {name}; it has {named}{guesses}"
    known = {*columns, *source, *_columns_of_metadata(source)}
    if "language" not in known:
        return f"{where} has no column language; add one, or set the source's language{guesses}"
    return None


def is_feature_table(path: str | Path) -> bool:
    """Whether `path` is a table of tracks whose features stand for their sound."""
    return HALLMARK in header(Path(path))


def digest(path: str | Path) -> str:
    """Return a fingerprint of names, sizes and times of the music of a source; '' if there is none.

    Other files may come and go without a change.
    """
    try:
        single = Path(path).is_file()
    except OSError:  # not a name of a file: listing the source reports it
        return ""
    return digest_of([Path(path)] if single else music(path).files)


def digest_of(files: Iterable[Path]) -> str:
    """Return a fingerprint of names, sizes and times of files; '' if there are none."""
    hashed, any_file = hashlib.sha256(), False
    for file in files:
        any_file = True
        try:
            status = file.stat()
        except OSError:  # a dangling link has a name, but no size or time
            hashed.update(os.fsencode(file))
            continue
        hashed.update(os.fsencode(file) + f"\0{status.st_size}\0{status.st_mtime_ns}".encode())
    return hashed.hexdigest()[:16] if any_file else ""


def content(path: str | Path) -> str | None:
    """Return a fingerprint of the bytes of a file; None if it has none that can be read.

    That is so for an empty file, a file without permission, and what is not a regular file: reading
    a named pipe would wait for ever.
    """
    try:
        if not Path(path).is_file() or not Path(path).stat().st_size:
            return None
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, partial(hashlib.blake2b, digest_size=16)).hexdigest()
    except OSError:
        return None


@dataclass(frozen=True)
class Music:
    """Files of a folder or glob that are music, or claim to be.

    Attributes
    ----------
    folder : all files are below it
    files : sorted by path
    ignored : number of other files by reason, as `debris.REASONS`
    closed : errors of folders that cannot be read
    """

    folder: Path
    files: list[Path] = field(default_factory=list)
    ignored: Counter = field(default_factory=Counter)
    closed: list[OSError] = field(default_factory=list)


def music(path: str | Path) -> Music:
    """Find the music below a folder, or among the files that a glob matches.

    Listing, digests and checks of a source all see these files and no others.
    """
    found, files = Music(Path(path)), []
    try:
        if Path(path).is_dir():
            files = walk(Path(path), onerror=found.closed.append)
        elif glob.has_magic(str(path)):
            folder, files = globbed(str(path))
            found = Music(folder)
    except OSError as error:  # not a name of a file
        found.closed.append(error)

    @cache
    def is_of_results(folder: Path) -> bool:
        if all((folder / name).exists() for name in debris.OF_RESULTS):
            return True
        return folder != found.folder and is_of_results(folder.parent)

    for file in files:
        if file.name == TIMESTAMP:
            continue
        reason = debris.reason(file.relative_to(found.folder))
        if reason is None and is_of_results(file.parent):
            reason = debris.RESULTS
        if reason is None and not sounds(file):
            reason = debris.SILENT
        if reason is None:
            found.files.append(file)
        else:
            found.ignored[reason] += 1
    return found


def sounds(file: Path) -> bool:
    """Return whether a file ends as sound, or has no ending and begins as sound."""
    if ENDING.fullmatch(file.suffix):
        return file.suffix.lower() in AUDIO_ENDINGS
    try:
        # Opening a pipe would wait for ever.
        if not file.is_file():
            return False
        with file.open("rb") as opened:
            return BEGINNING.match(opened.read(12)) is not None
    except OSError:
        return False


def walk(folder: Path, onerror: Callable[[OSError], None] | None = None) -> list[Path]:
    """Return all files below `folder`, sorted by path; links are followed, but never in circles.

    `onerror` is called with the error of every folder that cannot be read.
    """
    paths, visited = [], set()
    for root, folders, files in os.walk(folder, onerror=onerror, followlinks=True):
        status = Path(root).stat()
        if (status.st_dev, status.st_ino) in visited:
            folders.clear()
            continue
        visited.add((status.st_dev, status.st_ino))
        folders.sort()
        paths += [Path(root, name) for name in files]
    return sorted(paths)


def globbed(pattern: str) -> tuple[Path, list[Path]]:
    """Return the folder above the first wildcard of a pattern, and the files that it matches."""
    parts = Path(pattern).parts
    fixed = next(n for n, part in enumerate(parts) if glob.has_magic(part))
    folder = Path(*parts[:fixed])
    return folder, sorted(
        path for path in folder.glob("/".join(parts[fixed:])) if not path.is_dir()
    )
