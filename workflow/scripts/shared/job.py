"""What every adapter needs: a log, whole files or none, and tables that keep their schema."""

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
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar
from zipfile import BadZipFile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from filelock import FileLock

from hybridmusic.errors import HybridMusicError, InputError, OutputError

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

# Why nothing can be written, where it is not the program's fault.
UNWRITABLE = (errno.EACCES, errno.EROFS, errno.ENOSPC, errno.EDQUOT)

T = TypeVar("T")

# What importing makes stays: looking through it again and again for what could be freed is a tenth
# of what a job takes to start.
gc.set_threshold(300_000)

logger = logging.getLogger(__name__)


def run(main: Callable, snakemake) -> None:
    """Run an adapter's `main(snakemake)` with its log, and end the process if it fails.

    What a user can put right is told in one sentence; anything else with its traceback.
    """
    # Python heeds Ctrl-C only once numba or torch returns; a job that was told to ignore it does.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    start_log(snakemake.log[0] if snakemake.log else None)
    # Numba does not know of Snakemake's threads; without this it takes every core.
    os.environ["NUMBA_NUM_THREADS"] = str(snakemake.threads)
    try:
        main(snakemake)
    except HybridMusicError as error:
        logger.error("%s", error)
        sys.exit(1)
    except Exception:
        logger.exception("%s failed", snakemake.rule)
        sys.exit(1)
    # Python looks through everything once more before it ends, unless it is told not to.
    gc.disable()


def alone() -> FileLock:
    """A lock to hold while numba compiles for the first time, `with job.alone(): ...`.

    Numba's cache is not made for two processes that write it at once: the one may then call into
    the other's code and crash. So whatever compiles does so once under this lock, of which there
    is one per installation, and later jobs only read the cache.
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
    """A path beside `path` to write to, which takes its place once everything is written.

    Whatever a killed job left beside it goes. Raises OutputError where nothing can be written.
    """
    path = Path(path)
    # The ending stays: libraries tell formats by it.
    beside = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob(f".{glob.escape(path.stem)}.[0-9]*{path.suffix}"):
            left.unlink(missing_ok=True)
        yield beside
        beside.replace(path)
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        raise OutputError(
            f"{path} cannot be written ({os.strerror(error.errno)}): make room or allow it, then "
            "run the same command again"
        ) from error
    finally:
        beside.unlink(missing_ok=True)


def counted(items: Iterable, total: int, done: str) -> Iterator:
    """`items` as they are, with a word in the log ten times: how many are `done`, and s left."""
    started = time.monotonic()
    for number, item in enumerate(items, start=1):
        yield item
        if number == total or number % max(100, -(-total // 10)) == 0:
            left = (time.monotonic() - started) / number * (total - number)
            logger.info("%d of %d %s, %.0f s left", number, total, done, left)


def write_text(text: str, path: str | Path) -> None:
    """Write a text file, UTF-8, whole or not at all."""
    with whole(path) as beside:
        beside.write_text(text, encoding="utf-8")


def write_rejected(rejected: pd.DataFrame | list[tuple[str, str]], path: str | Path) -> None:
    """Write the paths of files that cannot be used, each with its reason, as CSV."""
    # All is quoted, because Python before 3.13 leaves out the quotes around a carriage return.
    table = pd.DataFrame(rejected, columns=["file_path", "reason"])
    write_text(table.to_csv(index=False, quoting=csv.QUOTE_ALL), path)


def read_table(path: str | Path, columns: list[str] | None = None) -> pd.DataFrame:
    """A Parquet table as a frame, or of `columns` alone."""
    return pd.read_parquet(path, columns=columns)


def write_table(
    frame: pd.DataFrame, kind: str, path: str | Path, extra: dict[str, str] | None = None
) -> None:
    """Write `frame` as Parquet by the schema of `kind`, as `arrow` makes it a table."""
    write_arrow(arrow(frame, kind, extra), path)


def arrow(frame: pd.DataFrame, kind: str, extra: dict[str, str] | None = None) -> pa.Table:
    """`frame` as a table by the schema of `kind` in `workflow/schemas/tables.yaml`.

    `extra` names columns and types that follow those of the schema. Columns come out in this
    order. Raises ValueError where one is missing, unknown, of another type, or empty where it
    must not be.
    """
    schema = arrow_schema(kind, extra)
    unknown, missing = set(frame) - set(schema.names), set(schema.names) - set(frame)
    if unknown or missing:
        raise ValueError(f"{kind}: unknown columns {unknown or '{}'}, missing {missing or '{}'}")
    # An empty frame has lost the types of its columns.
    table = schema.empty_table()
    if len(frame):
        table = pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)
    for field, column in zip(schema, table.columns, strict=True):
        if column.null_count and not field.nullable:
            raise ValueError(f"{kind}: column {field.name} has {column.null_count} empty fields")
    return table.replace_schema_metadata(None)


def arrow_schema(kind: str, extra: dict[str, str] | None = None) -> pa.Schema:
    """Columns, types and what may be empty, of a table of `kind` with `extra` columns."""
    return pa.schema(
        pa.field(name, TYPES[type_.rstrip("?")], nullable=type_.endswith("?"))
        for name, type_ in (table_schemas()[kind] | (extra or {})).items()
    )


def write_arrow(table: pa.Table, path: str | Path) -> None:
    """Write a table as Parquet, whole or not at all."""
    with whole(path) as beside:
        pq.write_table(table, beside, write_page_checksum=True)


@cache
def table_schemas() -> dict[str, dict[str, str]]:
    """Columns and types of every kind of table."""
    return yaml.safe_load(SCHEMAS.read_text(encoding="utf-8"))


def read_space(path: str | Path) -> tuple[list[str], dict[int, np.ndarray]]:
    """Ids of a space, and for each of its seeds the vectors, (tracks, d), in the ids' order."""
    table = pq.read_table(path)
    column = table["vector"].combine_chunks()
    vectors = column.values.to_numpy().reshape(len(table), -1)
    seeds = table["seed"].to_numpy()
    members = {int(seed): vectors[seeds == seed] for seed in pd.unique(seeds)}
    ids = table["id"].to_pylist()[: len(table) // max(1, len(members))]
    return ids, members


def read_common(paths: list[str]) -> tuple[list[str], list[dict[int, np.ndarray]]]:
    """The ids that all of several spaces have, and each space's members for these alone."""
    read = [read_space(path) for path in paths]
    common = set(read[0][0]).intersection(*(ids for ids, _ in read))
    ids = [track for track in read[0][0] if track in common]
    if len(ids) < max(len(names) for names, _ in read):
        logger.warning("%d tracks are in all of the spaces; the others are left out", len(ids))
    members = []
    for names, vectors in read:
        rows = pd.Index(names).get_indexer(ids)
        members.append({seed: x[rows] for seed, x in vectors.items()})
    return ids, members


def read_vectors(path: str | Path) -> pd.DataFrame:
    """Columns `id` and `vector` of a Parquet file or an npz archive from outside.

    Raises InputError if it is neither, lacks one of them, or would have to be unpickled.
    """
    try:
        if Path(path).suffix == ".npz":
            with np.load(path, allow_pickle=False) as archive:
                table = pd.DataFrame({"id": archive["id"], "vector": list(archive["vector"])})
        else:
            table = pd.read_parquet(path, columns=["id", "vector"])
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile, zlib.error) as error:
        told = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise InputError(
            f"{path} cannot be read as vectors ({told}): a Parquet file or an npz archive with "
            "id and vector is needed"
        ) from error
    return table.astype({"id": str})


def write_space(ids: list[str], members: dict[int, np.ndarray], path: str | Path) -> None:
    """Write a space: for each seed the vectors (tracks, d) of all `ids`."""
    seeds = np.repeat(list(members), len(ids))
    vectors = np.concatenate([np.asarray(x, dtype=np.float32) for x in members.values()])
    if not np.isfinite(vectors).all():
        raise ValueError(f"{Path(path).stem}: vectors are not finite")
    frame = {"id": ids * len(members), "seed": seeds, "vector": list(vectors)}
    write_table(pd.DataFrame(frame), "space", path)


def vectors_of(
    ids: Sequence[str], space: tuple[list[str], dict[int, np.ndarray]], seed: int | None
) -> np.ndarray:
    """Vectors of these tracks in a space as `read_space` returns it, for a seed or its first one.

    Raises InputError if the space lacks one of them.
    """
    names, members = space
    rows = pd.Index(names).get_indexer(ids)
    if (rows < 0).any():
        raise InputError(
            f"a space to measure in lacks {(rows < 0).sum()} of the tracks that were clustered, "
            f"such as {np.asarray(ids)[rows < 0][0]!r}: make it of spaces that have all tracks"
        )
    return member(members, seed)[rows]


def seeds_of(sources: list[dict[int, np.ndarray]], random: bool, seeds: list[int]) -> list[int]:
    """The seeds of what is made from `sources`: all if anything on the way is random, else one."""
    return list(seeds) if random or any(len(s) > 1 for s in sources) else list(seeds)[:1]


def member(members: dict[int, T], seed: int | None) -> T:
    """What there is of a seed, or of the only seed of a space without randomness."""
    return members[seed] if seed in members else next(iter(members.values()))


def save_figure(figure, paths, dpi: int) -> None:
    """Save a matplotlib figure to every one of `paths`, without the date of drawing."""
    for path in paths:
        metadata = {"CreationDate": None} if str(path).endswith(".pdf") else {"Software": None}
        with whole(path) as beside:
            figure.savefig(beside, dpi=dpi, metadata=metadata)
