"""Run adapters as jobs: with a log, files that are whole or absent, and tables with a schema."""

from __future__ import annotations

import csv
import errno
import gc
import glob
import logging
import os
import signal
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from filelock import FileLock

from hybridmusic.errors import HybridMusicError, OutputError
from hybridmusic.spaces.members import common, first, member, seeds_of, vectors_of  # noqa: F401

SCHEMAS = Path(__file__).parents[2] / "schemas" / "tables.yaml"
TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "truth": pa.bool_(),
    "vector": pa.list_(pa.float32()),
    "rows": pa.list_(pa.int32()),
    "texts": pa.list_(pa.string()),
}

# Errors of writing that a user can put right.
UNWRITABLE = (errno.EACCES, errno.EROFS, errno.ENOSPC, errno.EDQUOT)

# Imported objects stay; searching them for garbage takes a tenth of the time a job needs to start.
gc.set_threshold(300_000)

logger = logging.getLogger(__name__)


def run(main: Callable, snakemake) -> None:
    """Run an adapter's `main(snakemake)` with its log, and exit with 1 if it fails.

    An error that a user can put right is logged as one sentence, any other with its traceback.
    """
    # Python handles Ctrl-C only once numba or torch returns. A job set to ignore it still does.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    start_log(snakemake.log[0] if snakemake.log else None)
    # Without this, numba takes every core, whatever Snakemake's threads.
    os.environ["NUMBA_NUM_THREADS"] = str(snakemake.threads)
    try:
        main(snakemake)
    except HybridMusicError as error:
        logger.error("%s", error)
        sys.exit(1)
    except Exception:
        logger.exception("%s failed", snakemake.rule)
        sys.exit(1)
    # Saves Python's last collection of garbage before it exits.
    gc.disable()


def alone() -> FileLock:
    """Return the lock to hold while numba compiles for the first time: `with job.alone(): ...`.

    Two processes must not write numba's cache at once: one may call into the other's code and
    crash. There is one lock per installation; later jobs only read the cache.
    """
    installed = sysconfig.get_path("purelib")
    folder = installed if os.access(installed, os.W_OK) else tempfile.gettempdir()
    return FileLock(Path(folder) / "hybridmusic-compiling.lock")


def start_log(path: str | None) -> None:
    """Send logging and warnings to stderr and to the file `path`."""
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        handlers.append(logging.FileHandler(path, mode="w", encoding="utf-8"))
    layout = "%(asctime)s %(levelname)s %(message)s"
    logging.basicConfig(level=logging.INFO, format=layout, handlers=handlers, force=True)
    logging.captureWarnings(True)


@contextmanager
def whole(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path to write to, which replaces `path` once everything is written.

    Files that killed jobs left are deleted. Raises OutputError where the disk is full or read-only.
    """
    path = Path(path)
    # The ending stays, because libraries derive the format from it.
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob(f".{glob.escape(path.stem)}.[0-9]*{path.suffix}"):
            left.unlink(missing_ok=True)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        raise OutputError(
            f"{path} cannot be written ({os.strerror(error.errno)}): free space or permit writing, "
            "then run the same command again"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def counted(items: Iterable, total: int, done: str) -> Iterator:
    """Yield the `total` items, and log ten times how many are `done`, and the seconds left."""
    started = time.monotonic()
    for number, item in enumerate(items, start=1):
        yield item
        if number == total or number % max(100, -(-total // 10)) == 0:
            left = (time.monotonic() - started) / number * (total - number)
            logger.info("%d of %d %s, %.0f s left", number, total, done, left)


def write_text(text: str, path: str | Path) -> None:
    """Write a text file, UTF-8, whole or not at all."""
    with whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_rejected(rejected: pd.DataFrame | list[tuple[str, str]], path: str | Path) -> None:
    """Write paths of files that cannot be used, each with its reason, as CSV."""
    # Every field is quoted, because Python before 3.13 does not quote a carriage return.
    table = pd.DataFrame(rejected, columns=["file_path", "reason"])
    write_text(table.to_csv(index=False, quoting=csv.QUOTE_ALL), path)


def read_table(path: str | Path, columns: list[str] | None = None) -> pd.DataFrame:
    """Read a Parquet table as a frame: all columns, or `columns`."""
    return pd.read_parquet(path, columns=columns)


def read_tables(names: Iterable[str], paths: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Read a table for each of `names`."""
    return dict(zip(names, map(read_table, paths), strict=True))


def read_joined(paths: Iterable[str]) -> pd.DataFrame:
    """Read tables of one kind, and join them below each other."""
    return pd.concat(map(read_table, paths), ignore_index=True)


def read_yaml(path: str | Path) -> dict:
    """Read a YAML file, such as the `config.yaml` of a run."""
    return yaml.safe_load(Path(path).read_text(encoding="utf-8"))


def write_rows(rows: Iterable, kind: str, path: str | Path) -> None:
    """Write rows, perhaps none, in the columns of the schema of `kind`."""
    write_table(pd.DataFrame(rows, columns=list(table_schemas()[kind])), kind, path)


def write_joined(frames: list[pd.DataFrame], kind: str, path: str | Path) -> None:
    """Write frames, perhaps none, below each other."""
    write_table(pd.concat(frames), kind, path) if frames else write_rows([], kind, path)


def write_table(
    frame: pd.DataFrame, kind: str, path: str | Path, extra: dict[str, str] | None = None
) -> None:
    """Write `frame` as Parquet by the schema of `kind`; see `arrow`."""
    write_arrow(arrow(frame, kind, extra), path)


def arrow(frame: pd.DataFrame, kind: str, extra: dict[str, str] | None = None) -> pa.Table:
    """Convert `frame` to a table by its schema in `workflow/schemas/tables.yaml`.

    Parameters
    ----------
    frame : with the columns of the schema, in any order
    kind : of table, a key of the schemas
    extra : names and types of columns that follow those of the schema

    Raises
    ------
    ValueError : a column is missing, unknown, of another type, or empty where it must not be
    """
    schema = arrow_schema(kind, extra)
    unknown, missing = set(frame) - set(schema.names), set(schema.names) - set(frame)
    if unknown or missing:
        raise ValueError(f"{kind}: unknown columns {unknown or '{}'}, missing {missing or '{}'}")
    # The columns of an empty frame have no types to convert.
    table = schema.empty_table()
    if len(frame):
        table = pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)
    return table.replace_schema_metadata(None)


def arrow_schema(kind: str, extra: dict[str, str] | None = None) -> pa.Schema:
    """Return the schema of a kind of table, followed by `extra` columns."""
    return pa.schema(
        pa.field(name, TYPES[type_.rstrip("?")], nullable=type_.endswith("?"))
        for name, type_ in (table_schemas()[kind] | (extra or {})).items()
    )


def write_arrow(table: pa.Table, path: str | Path) -> None:
    """Write a table as Parquet, whole or not at all."""
    with whole(path) as temporary:
        pq.write_table(table, temporary, write_page_checksum=True)


@cache
def table_schemas() -> dict[str, dict[str, str]]:
    """Return columns and types of every kind of table."""
    return read_yaml(SCHEMAS)


def read_space(path: str | Path) -> tuple[list[str], dict[int, np.ndarray]]:
    """Return the ids of a space, and its members: vectors (tracks, d) of these ids, by seed."""
    table = pq.read_table(path)
    column = table["vector"].combine_chunks()
    vectors = column.values.to_numpy().reshape(len(table), -1)
    seeds = table["seed"].to_numpy()
    members = {int(seed): vectors[seeds == seed] for seed in pd.unique(seeds)}
    ids = table["id"].to_pylist()[: len(table) // max(1, len(members))]
    return ids, members


def read_common(paths: list[str]) -> tuple[list[str], list[dict[int, np.ndarray]]]:
    """Return the ids that all of several spaces have, and the members of each for these ids."""
    read = [read_space(path) for path in paths]
    ids, members = common(read)
    if len(ids) < max(len(names) for names, _ in read):
        logger.warning("%d tracks are in all of the spaces; the others are left out", len(ids))
    return ids, members


def write_space(ids: list[str], members: dict[int, np.ndarray], path: str | Path) -> None:
    """Write a space: for each seed, the vectors (tracks, d) of all `ids`."""
    seeds = np.repeat(list(members), len(ids))
    vectors = np.concatenate([np.asarray(x, dtype=np.float32) for x in members.values()])
    if not np.isfinite(vectors).all():
        raise ValueError(f"{Path(path).stem}: vectors are not finite")
    frame = {"id": ids * len(members), "seed": seeds, "vector": list(vectors)}
    write_table(pd.DataFrame(frame), "space", path)


def save_figure(figure, paths, dpi: int) -> None:
    """Save a matplotlib figure to all of `paths`, without the date of drawing."""
    for path in paths:
        metadata = {"CreationDate": None} if str(path).endswith(".pdf") else {"Software": None}
        with whole(path) as temporary:
            figure.savefig(temporary, dpi=dpi, metadata=metadata)
