"""What the adapters share that bring something into `resources/`."""

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
    check: Callable[[transfer.Inventory], None] = lambda found: None,
) -> None:
    """Bring a folder to its place, verify it, and only then write its `record`, `<folder>.json`.

    A folder that is there already is verified alone. `fetch(cache)` downloads to a folder of its
    own and returns where the files are; `check(inventory)` raises if they are not as expected.
    Their sizes and checksums are listed in `<folder>.manifest.csv` when they first arrive, and
    have to be the same at every later time. The folder is no output of a rule, because Snakemake
    deletes outputs before it runs a job again.
    """
    record = Path(record)
    folder, cache = record.with_name(record.stem), record.with_name(f".{record.stem}")
    manifest = record.with_name(f"{record.stem}.manifest.csv")
    there = folder.exists()
    arrived = folder if there else fetch(cache)
    try:
        found = transfer.inventory(arrived)
        check(found)
        if manifest.exists():
            first = transfer.read_manifest(manifest.read_text(encoding="utf-8"))
            remedy = f"delete {folder} to download it again, or {manifest} to accept what came"
            transfer.compare(found, first, str(folder), remedy)
    except InputError:
        if not there:
            shutil.rmtree(cache)
        raise
    if not manifest.exists():
        job.write_text(transfer.manifest(found), manifest)
    if not there:
        arrived.rename(folder)
        shutil.rmtree(cache, ignore_errors=True)
    size = sum(size for size, _ in found.values())
    logger.info("%s: %d files, %d bytes, as they should be", folder, len(found), size)
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    about = about | {"files": len(found), "bytes": size, "manifest_sha256": digest}
    job.write_text(json.dumps(about, indent=2) + "\n", record)
