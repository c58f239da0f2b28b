"""Describe the clips of one shard of the catalogue, decoding those that are not known yet."""

import logging
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pandas as pd
import pyarrow as pa

from hybridmusic import kinds
from hybridmusic.errors import ClipError
from hybridmusic.sound import cache_keys, decoding, features
from shared import cache, job

logger = logging.getLogger(__name__)

FEATURES = list(job.table_schemas()["features"])
CLIPS = ["id", "content", "file_path", "start"]
ALSO = {"also": "vector"}


def main(snakemake) -> None:
    params = snakemake.params
    number, shards = int(snakemake.wildcards.shard), params.shards
    catalogue = job.read_table(snakemake.input.catalogue, CLIPS).dropna(subset="start")
    tracks = cache_keys.shard(catalogue, number, shards)
    code = [Path(path).read_bytes() for path in snakemake.input.code]
    settings = {name: value for name, value in params.items() if name != "shards"}
    keys = dict(
        zip(tracks["id"], cache_keys.keys(tracks, cache_keys.stamp(code, settings)), strict=True)
    )
    # Snakemake deletes outputs before it runs a job again; this is none, and stays.
    memory = Path(snakemake.output.features).parent / "known" / f"{number}-of-{shards}.parquet"

    described = [cache.recall(memory, keys, job.arrow_schema("features", ALSO))]
    new = tracks[~tracks["id"].isin(described[0]["id"].to_pylist())]
    rejected = []
    cache.remember(described[0], keys, memory)
    calls = (
        (track.file_path, track.start, params.clip_seconds, params.min_seconds, params.also)
        for track in new.itertuples()
    )
    limits = params.decode_seconds, params.decode_megabytes
    clips = decoding.guarded(features.describe_file, calls, *limits)
    started = time.monotonic()
    # All that a killed job loses is its last batch.
    batch = max(100, -(-len(new) // 10))
    for done in range(0, len(new), batch):
        rows, reasons = describe_tracks(new[done : done + batch], clips)
        # A row is a quarter of what it would be as a dictionary: a job may have 50,000.
        described.append(job.arrow(frame(rows), "features", ALSO))
        rejected += reasons
        cache.remember(pa.concat_tables(described), keys, memory)
        finished = min(done + batch, len(new))
        left = (time.monotonic() - started) / finished * (len(new) - finished)
        logger.info("%d of %d clips decoded, %.0f s left", finished, len(new), left)
    logger.info("%d of %d clips known, %d decoded", len(tracks) - len(new), len(tracks), len(new))
    table = pa.concat_tables(described)
    job.write_arrow(table.select(FEATURES), snakemake.output.features)
    write_descriptors(table, params.also, snakemake.output.descriptors)
    job.write_rejected(rejected, snakemake.output.rejected)


def write_descriptors(described: pa.Table, sets: list[str], paths: list[str]) -> None:
    """Write the values of each set, which rows have one set after the other, to its own table."""
    columns = [kinds.columns(name) for name in sets]
    names = list(chain(*columns))
    values = described["also"].combine_chunks().flatten().to_numpy()
    values = pd.DataFrame(values.reshape(len(described), len(names)), columns=names)
    for of_set, path in zip(columns, paths, strict=True):
        table = values[of_set].assign(id=described["id"].to_pandas())
        job.write_table(table, "descriptors", path, dict.fromkeys(of_set, "number"))


def describe_tracks(
    tracks: pd.DataFrame, clips: Iterator[dict | ClipError]
) -> tuple[list[dict], list[tuple[str, str]]]:
    """Take the next of `clips`, one a track: rows of `features`, and (file, reason) of others.

    A clip that could not be decoded is the error that tells why.
    """
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
    """Rows, of which there may be none, as a frame with the columns of `features` and `also`."""
    return pd.DataFrame(rows, columns=[*FEATURES, *ALSO])


if __name__ == "__main__":
    # Python would have the decoding process import this file too, and pandas with it.
    del __file__
    job.run(main, snakemake)
