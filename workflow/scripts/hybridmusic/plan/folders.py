"""Folders that a run writes to."""

from __future__ import annotations

import os
from pathlib import Path

from hybridmusic.errors import OutputError


def nearest(folder: str | Path) -> Path:
    """Return `folder`, or as much of the path to it as exists."""
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
