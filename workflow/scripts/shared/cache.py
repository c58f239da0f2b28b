"""Keep rows that describe clips from one run of a job to the next, so that none is made twice.

A shard's rows are in `known/` next to its output, each under its clip's cache key instead of an id.
A job makes a Memory, describes the clips that are new to it, and appends their rows in batches.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from hybridmusic.sound import cache_keys
from shared import job

logger = logging.getLogger(__name__)


class Memory:
    """Rows of one shard's clips: those recalled, then those appended.

    Parameters
    ----------
    snakemake : of the job, with the wildcard `shard`, the input `code`, and params that change the
        rows, all except `shards`
    catalogue : of the run, with `id`, `content` and `start`; the shard's clips are drawn from it
    output : path of the shard's output
    schema : of the rows
    libraries : whose versions change the rows
    """

    def __init__(
        self,
        snakemake,
        catalogue: pd.DataFrame,
        output: str | Path,
        schema: pa.Schema,
        libraries: Iterable[str] = cache_keys.LIBRARIES,
    ):
        number, shards = int(snakemake.wildcards.shard), snakemake.params.shards
        self.tracks = cache_keys.shard(catalogue, number, shards)
        code = [Path(path).read_bytes() for path in snakemake.input.code]
        settings = {name: value for name, value in snakemake.params.items() if name != "shards"}
        stamp = cache_keys.stamp(code, settings, libraries)
        keys = cache_keys.keys(self.tracks, stamp)
        self.keys = dict(zip(self.tracks["id"], keys, strict=True))
        # Snakemake deletes outputs before it runs a job again; this file is not one, and stays.
        self.path = Path(output).parent / "known" / f"{number}-of-{shards}.parquet"
        self.tables: list[pa.Table] = []
        self.append(self._recalled(schema))

    def new(self) -> pd.DataFrame:
        """Return the shard's tracks that have no row yet."""
        return self.tracks[~self.tracks["id"].isin(self.table()["id"].to_pylist())]

    def append(self, table: pa.Table) -> None:
        """Add rows, and keep all, so that a killed job loses no more than its last batch.

        Rows are kept under their keys; those of other clips are forgotten.
        """
        self.tables.append(table)
        table = self.table()
        row = {self.keys[name]: number for number, name in enumerate(table["id"].to_pylist())}
        row.pop(None, None)
        job.write_arrow(_renamed(table, row), self.path)

    def table(self) -> pa.Table:
        """Return all rows."""
        return pa.concat_tables(self.tables)

    def _recalled(self, schema: pa.Schema) -> pa.Table:
        """Read the rows that are kept for the shard's clips.

        Where this shard has no file yet, as after a change of the number of shards, those of all
        shards are read. The column `id` holds keys in a file, and ids in the result.
        """
        paths, tables = [self.path], [schema.empty_table()]
        if not self.path.exists():
            paths = sorted(self.path.parent.glob("[0-9]*.parquet"))
        for path in paths:
            try:
                table = pq.read_table(path, columns=schema.names, page_checksum_verification=True)
                tables.append(table.cast(schema))
            except (OSError, ValueError, pa.ArrowException) as error:
                message = "%s cannot be read, so its clips are decoded again: %s"
                logger.warning(message, path, str(error).partition("\n")[0])
        known = pa.concat_tables(tables)
        row = {key: number for number, key in enumerate(known["id"].to_pylist())}
        return _renamed(known, {name: row[key] for name, key in self.keys.items() if key in row})


def _renamed(table: pa.Table, rows: dict[str, int]) -> pa.Table:
    """Return rows of the table, with the keys of `rows` as ids."""
    taken = table.take(pa.array(rows.values(), pa.int64()))
    names = pa.array(rows, pa.string())
    return taken.set_column(table.schema.get_field_index("id"), table.schema.field("id"), names)
