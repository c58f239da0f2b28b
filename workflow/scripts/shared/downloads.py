"""Bring data sets and models into `resources/`, and verify them."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from hybridmusic.downloads import transfer
from hybridmusic.errors import InputError
from shared import job

logger = logging.getLogger(__name__)


def arrive(
    record: str | Path,
    about: dict[str, str],
    fetch: Callable[[Path], Path],
    check: Callable[[transfer.Inventory], None] = lambda files: None,
) -> None:
    """Fetch a folder unless it exists, verify it, and only then write its record.

    When files first arrive, their sizes and checksums are listed in `<folder>.manifest.csv`. At
    every later time they have to be the same. The folder is not an output of a rule, because
    Snakemake deletes outputs before it runs a job again.

    Parameters
    ----------
    record : path to write, `<folder>.json`
    about : fields of the record; the number of files, bytes and a checksum are added
    fetch : downloads to the folder that it is given, and returns where the files are
    check : raises InputError if the files are not as expected
    """
    record = Path(record)
    folder, cache = record.with_name(record.stem), record.with_name(f".{record.stem}")
    manifest = record.with_name(f"{record.stem}.manifest.csv")
    exists = folder.exists()
    arrived = folder if exists else fetch(cache)
    try:
        files = transfer.inventory(arrived)
        check(files)
        if manifest.exists():
            first = transfer.read_manifest(manifest.read_text(encoding="utf-8"))
            remedy = f"delete {folder} to download it again, or {manifest} to accept these files"
            transfer.compare(files, first, str(folder), remedy)
    except InputError:
        if not exists:
            shutil.rmtree(cache)
        raise
    if not manifest.exists():
        job.write_text(transfer.manifest(files), manifest)
    if not exists:
        arrived.rename(folder)
        shutil.rmtree(cache, ignore_errors=True)
    size = sum(size for size, _ in files.values())
    logger.info("%s: %d files, %d bytes, verified", folder, len(files), size)
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    about = about | {"files": len(files), "bytes": size, "manifest_sha256": digest}
    job.write_text(json.dumps(about, indent=2) + "\n", record)
