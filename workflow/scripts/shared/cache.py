"""What the adapters share that keep rows by the content of clips, so that none is made twice."""

from __future__ import annotations

import logging
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from shared import job

logger = logging.getLogger(__name__)


def recall(memory: Path, keys: dict[str, str | None], schema: pa.Schema) -> pa.Table:
    """Rows of the ids of `keys` whose keys this shard remembers, or any where there were others.

    The column `id` of a memory holds keys; here it holds ids.
    """
    tables = [schema.empty_table()]
    for path in [memory] if memory.exists() else sorted(memory.parent.glob("[0-9]*.parquet")):
        try:
            table = pq.read_table(path, columns=schema.names, page_checksum_verification=True)
            tables.append(table.cast(schema))
        except (OSError, ValueError, pa.ArrowException) as error:
            told = str(error).partition("\n")[0]
            logger.warning("%s cannot be read, so its clips are decoded again: %s", path, told)
    known = pa.concat_tables(tables)
    row = {key: number for number, key in enumerate(known["id"].to_pylist())}
    found = {name: row[key] for name, key in keys.items() if key in row}
    return _taken(known, found)


def remember(table: pa.Table, keys: dict[str, str | None], memory: Path) -> None:
    """Write these rows with their keys for ids; what is not among them is forgotten."""
    row = {keys[name]: number for number, name in enumerate(table["id"].to_pylist())}
    row.pop(None, None)
    job.write_arrow(_taken(table, row), memory)


def _taken(table: pa.Table, rows: dict[str, int]) -> pa.Table:
    """These rows of the table, by what is to be their `id`."""
    taken = table.take(pa.array(rows.values(), pa.int64()))
    names = pa.array(rows, pa.string())
    return taken.set_column(table.schema.get_field_index("id"), table.schema.field("id"), names)
