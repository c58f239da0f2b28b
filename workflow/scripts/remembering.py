"""What the adapters share that keep rows by the content of clips, so that none is made twice."""

from __future__ import annotations

import logging
from pathlib import Path

import pandas as pd

import job

logger = logging.getLogger(__name__)


def recall(memory: Path, columns: list[str]) -> dict[str, dict]:
    """Rows by key, as this shard left them, or any where there were other shards."""
    rows = {}
    for path in [memory] if memory.exists() else sorted(memory.parent.glob("[0-9]*.parquet")):
        try:
            table = pd.read_parquet(path, columns=columns, page_checksum_verification=True)
            rows |= {row["id"]: row for row in table.to_dict("records")}
        except (OSError, ValueError) as error:
            told = str(error).partition("\n")[0]
            logger.warning("%s cannot be read, so its clips are decoded again: %s", path, told)
    return rows


def remember(
    rows: pd.DataFrame, keys: dict[str, str | None], memory: Path, kind: str, extra: dict[str, str]
) -> None:
    """Write these rows with their keys for ids; what is not among them is forgotten.

    `kind` and `extra` are those of `job.write_table`.
    """
    table = rows.assign(id=rows["id"].map(keys))
    table = table.dropna(subset="id").drop_duplicates("id")
    job.write_table(table, kind, memory, extra)
