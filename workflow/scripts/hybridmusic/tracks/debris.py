"""Recognise files of a music folder that are never music, by their paths.

Operating systems, network storage, synchronisation and downloads leave files among music that have
the endings of music. Nothing here opens a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath

HIDDEN = "hidden"
SYSTEM = "in the trash or a folder of the system"
CONFLICT = "left by a conflict of synchronisation"
PARTIAL = "partial downloads"
RESULTS = "results of a run"
SILENT = "no sound by their ending"
# A folder with all of these is of a run.
OF_RESULTS = ("catalogue.parquet", "duplicates.csv")
REASONS = (HIDDEN, SYSTEM, CONFLICT, PARTIAL, RESULTS, SILENT)

# Folders of Windows, macOS, Linux, Synology, QNAP and backups that do not begin with a dot. QNAP's
# `@Recycle` and Synology's `@eaDir` and `@tmp` are folders that begin with an at sign, as may be an
# artist, so they are named in full.
SYSTEM_FOLDERS = {
    *("$recycle.bin", "recycler", "recycled", "system volume information", "#recycle", "@recycle"),
    *("@eadir", "@tmp", "#snapshot", "@snapshot", "~snapshot", "@recently-snapshot"),
    *("__macosx", "lost+found", "network trash folder", "temporary items"),
}
PARTIAL_ENDINGS = {
    *(".part", ".partial", ".crdownload", ".download", ".opdownload", ".filepart", ".aria2"),
    *(".!ut", ".!qb", ".!bt", ".bc!", ".tmp", ".temp"),
}
# Copies named by Syncthing, Dropbox, Nextcloud and ownCloud, and Resilio or Synology Drive.
CONFLICTS = re.compile(
    r"\.sync-conflict-\d{8}-\d{6}"
    r"|\([^()]*conflicted copy[^()]*\)"
    r"|[_ ]conflict-\d{8}-\d{6}"
    r"|_[^_]+_[A-Z][a-z]{2}-\d{2}-\d{6}-\d{4}_Conflict"
    r"|\([^()]*case conflict[^()]*\)",
    re.IGNORECASE,
)


def reason(below: PurePath) -> str | None:
    """Return why a file is never music, one of REASONS; None if it may be.

    `below` is its path below the source. The file may still have the ending of something else.
    """
    *folders, name = below.parts
    if any(part.startswith(".") for part in below.parts):
        return HIDDEN
    if any(folder.casefold() in SYSTEM_FOLDERS for folder in folders):
        return SYSTEM
    if CONFLICTS.search(name):
        return CONFLICT
    if below.suffix.casefold() in PARTIAL_ENDINGS:
        return PARTIAL
    return None


def counted(ignored: Mapping[str, int]) -> str:
    """State how many files were ignored, by reason; '' if none was."""
    parts = [f"{ignored[reason]} {reason}" for reason in REASONS if ignored.get(reason)]
    return f"{sum(ignored.values())} files were ignored: {', '.join(parts)}." if parts else ""
