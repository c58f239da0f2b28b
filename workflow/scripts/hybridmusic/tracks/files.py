"""Which files a source holds, what is in them, whether they changed, and where one can write.

Needs hardly anything but the standard library, because the Snakefile asks at every call.
"""

from __future__ import annotations

import csv
import glob
import hashlib
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from hybridmusic.errors import OutputError

# A column by which a feature table is told from a manifest.
HALLMARK = "mfcc1_mean"


def is_feature_table(path: str | Path) -> bool:
    """Whether `path` is a table of tracks whose features stand for their sound."""
    path = Path(path)
    try:
        if path.suffix.lower() == ".parquet":
            # Only where there is one, for to load the library takes longer than all else here.
            from pyarrow.parquet import read_schema

            return HALLMARK in read_schema(path).names
        if path.suffix.lower() not in (".csv", ".tsv"):
            return False
        with path.open(encoding="utf-8-sig", newline="") as file:
            separator = "\t" if path.suffix.lower() == ".tsv" else ","
            return HALLMARK in next(csv.reader(file, delimiter=separator), [])
    except (OSError, ValueError, csv.Error):  # listing it will tell what is wrong
        return False


def digest(path: str | Path) -> str:
    """Fingerprint of names, sizes and times of the files below `path`; '' where nothing is."""
    hashed = hashlib.sha256()
    try:
        files = _listed(path)
    except OSError:  # not permitted, or no name that a file can have: listing it will tell
        return ""
    for file in files:
        try:
            status = file.stat()
        except OSError:  # a dangling link: its name is all there is to see
            hashed.update(os.fsencode(file))
            continue
        hashed.update(os.fsencode(file) + f"\0{status.st_size}\0{status.st_mtime_ns}".encode())
    return hashed.hexdigest()[:16] if files else ""


def content(path: str | Path) -> str | None:
    """Fingerprint of the bytes of a file; None where there are none to read.

    That is so of an empty file, of one that may not be read, and of what is no regular file: a
    pipe, for one, would wait for somebody to write.
    """
    try:
        if not Path(path).is_file() or not Path(path).stat().st_size:
            return None
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, partial(hashlib.blake2b, digest_size=16)).hexdigest()
    except OSError:
        return None


def _listed(path: str | Path) -> list[Path]:
    if Path(path).is_dir():
        return walk(Path(path))
    if Path(path).is_file():
        return [Path(path)]
    return globbed(str(path))[1] if glob.has_magic(str(path)) else []


def walk(folder: Path, onerror: Callable[[OSError], None] | None = None) -> list[Path]:
    """All files below `folder`, links followed but never in circles, sorted by their path.

    `onerror` is told of every folder that cannot be read.
    """
    found, visited = [], set()
    for root, folders, files in os.walk(folder, onerror=onerror, followlinks=True):
        status = Path(root).stat()
        if (status.st_dev, status.st_ino) in visited:
            folders.clear()
            continue
        visited.add((status.st_dev, status.st_ino))
        folders.sort()
        found += [Path(root, name) for name in files]
    return sorted(found)


def globbed(pattern: str) -> tuple[Path, list[Path]]:
    """The folder above the first wildcard of a pattern, and the files that the pattern fits."""
    parts = Path(pattern).parts
    fixed = next(n for n, part in enumerate(parts) if glob.has_magic(part))
    folder = Path(*parts[:fixed])
    return folder, sorted(
        path for path in folder.glob("/".join(parts[fixed:])) if not path.is_dir()
    )


def nearest(folder: str | Path) -> Path:
    """`folder`, or as much of the path to it as exists."""
    return next(path for path in (Path(folder), *Path(folder).parents) if path.exists())


def check_writable(folder: str | Path) -> None:
    """Check that `folder` can be made, or that it and all folders below it take new files.

    Raises OutputError, which names the first that does not.
    """
    start = nearest(folder)
    below = os.walk(start) if start == Path(folder) else []
    for path in (start, *(Path(root, name) for root, names, _ in below for name in names)):
        if not os.access(path, os.W_OK | os.X_OK):
            raise OutputError(
                f"{path} is not writable: allow it (chmod -R u+w {start}), or compute in another "
                "folder (snakemake --directory FOLDER)"
            )
