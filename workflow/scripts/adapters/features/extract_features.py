"""Describe the clips of one shard of the catalogue; decode only those that are not known yet."""

import logging
import time
from collections.abc import Iterator
from itertools import chain

import pandas as pd
import pyarrow as pa

from hybridmusic import kinds
from hybridmusic.errors import ClipError
from hybridmusic.sound import decoding, features
from shared import cache, job

logger = logging.getLogger(__name__)

FEATURES = list(job.table_schemas()["features"])
CLIPS = ["id", "content", "file_path", "start"]
ALSO = {"also": "vector", "fingerprint": "rows"}


def main(snakemake) -> None:
    params, output = snakemake.params, snakemake.output
    catalogue = job.read_table(snakemake.input.catalogue, CLIPS).dropna(subset="start")
    schema = job.arrow_schema("features", ALSO)
    memory = cache.Memory(snakemake, catalogue, output.features, schema)
    new, rejected = memory.new(), []
    calls = (
        (track.file_path, track.start, params.clip_seconds, params.min_seconds, params.also)
        for track in new.itertuples()
    )
    limits = params.decode_seconds, params.decode_megabytes
    clips = decoding.guarded(features.describe_file, calls, *limits)
    started = time.monotonic()
    batch = max(100, -(-len(new) // 10))
    for done in range(0, len(new), batch):
        rows, reasons = describe_tracks(new[done : done + batch], clips)
        # An Arrow table takes a quarter of the memory of dictionaries: a job may have 50,000 clips.
        memory.append(job.arrow(frame(rows), "features", ALSO))
        rejected += reasons
        finished = min(done + batch, len(new))
        left = (time.monotonic() - started) / finished * (len(new) - finished)
        logger.info("%d of %d clips decoded, %.0f s left", finished, len(new), left)
    total = len(memory.tracks)
    logger.info("%d of %d clips known, %d decoded", total - len(new), total, len(new))
    table = memory.table()
    job.write_arrow(table.select(FEATURES), output.features)
    job.write_arrow(table.select(["id", "fingerprint"]), output.fingerprints)
    write_descriptors(table, params.also, output.descriptors)
    job.write_rejected(rejected, output.rejected)


def write_descriptors(described: pa.Table, sets: list[str], paths: list[str]) -> None:
    """Write a table for each set; the column `also` has the values of one set after the other."""
    columns = [kinds.columns(name) for name in sets]
    names = list(chain(*columns))
    values = described["also"].combine_chunks().flatten().to_numpy()
    values = pd.DataFrame(values.reshape(len(described), len(names)), columns=names)
    for columns_of_set, path in zip(columns, paths, strict=True):
        table = values[columns_of_set].assign(id=described["id"].to_pandas())
        job.write_table(table, "descriptors", path, dict.fromkeys(columns_of_set, "number"))


def describe_tracks(
    tracks: pd.DataFrame, clips: Iterator[dict | ClipError]
) -> tuple[list[dict], list[tuple[str, str]]]:
    """Take each track's next clip; return rows of `features`, and (file, reason) of the rest."""
    described, rejected = [], []
    for track in tracks.itertuples():
        clip = next(clips)
        if isinstance(clip, ClipError):
            logger.warning("%s %s: rejected", track.file_path, clip)
            rejected.append((track.file_path, str(clip)))
        else:
            described.append({"id": track.id, **clip})
    return described, rejected


def frame(rows: list[dict]) -> pd.DataFrame:
    """Return rows, perhaps none, as a frame with the columns of `features` and of ALSO."""
    return pd.DataFrame(rows, columns=[*FEATURES, *ALSO])


if __name__ == "__main__":
    # Otherwise Python would have the decoding process import this file, and pandas with it.
    del __file__
    job.run(main, snakemake)
