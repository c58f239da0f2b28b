"""Which files a source holds, and whether they changed.

Needs nothing but the standard library, because the Snakefile asks at every call.
"""

from __future__ import annotations

import glob
import hashlib
import os
from pathlib import Path


def digest(path: str | Path) -> str:
    """Fingerprint of names, sizes and times of the files below `path`; '' where nothing is."""
    hashed = hashlib.sha256()
    if Path(path).is_dir():
        files = walk(Path(path))
    elif Path(path).is_file():
        files = [Path(path)]
    else:
        files = globbed(str(path))[1] if glob.has_magic(str(path)) else []
    for file in files:
        try:
            status = file.stat()
        except OSError:  # a dangling link: its name is all there is to see
            hashed.update(os.fsencode(file))
            continue
        hashed.update(os.fsencode(file) + f"\0{status.st_size}\0{status.st_mtime_ns}".encode())
    return hashed.hexdigest()[:16] if files else ""


def walk(folder: Path) -> list[Path]:
    """All files below `folder`, links followed but never in circles, sorted by their path."""
    found, visited = [], set()
    for root, folders, files in os.walk(folder, followlinks=True):
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
    return folder, sorted(path for path in folder.glob("/".join(parts[fixed:])) if path.is_file())
