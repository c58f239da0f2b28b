"""Describe the clips of one shard of the catalogue, decoding those that are not known yet."""

import logging
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

import job
import remembering
from hybridmusic import audio, decoding, kinds, known
from hybridmusic.errors import ClipError

logger = logging.getLogger(__name__)

FEATURES = list(job.table_schemas()["features"])


def main(snakemake) -> None:
    params = snakemake.params
    number, shards = int(snakemake.wildcards.shard), params.shards
    catalogue = job.read_table(snakemake.input.catalogue).dropna(subset="start")
    tracks = known.shard(catalogue, number, shards)
    code = [Path(path).read_bytes() for path in snakemake.input.code]
    settings = {name: value for name, value in params.items() if name != "shards"}
    keys = dict(zip(tracks["id"], known.keys(tracks, known.stamp(code, settings)), strict=True))
    # Snakemake deletes outputs before it runs a job again; this is none, and stays.
    memory = Path(snakemake.output.features).parent / "known" / f"{number}-of-{shards}.parquet"

    remembered = remembering.recall(memory, [*FEATURES, "also"])
    described = [remembered[key] | {"id": name} for name, key in keys.items() if key in remembered]
    new = tracks[[key not in remembered for key in keys.values()]]
    rejected = []
    remembering.remember(frame(described), keys, memory, "features", {"also": "vector"})
    calls = [
        (track.file_path, track.start, params.clip_seconds, params.min_seconds, params.also)
        for track in new.itertuples()
    ]
    limits = params.decode_seconds, params.decode_megabytes
    clips = decoding.guarded(audio.describe_file, calls, *limits)
    started = time.monotonic()
    # All that a killed job loses is its last batch.
    batch = max(100, -(-len(new) // 10))
    for done in range(0, len(new), batch):
        rows, reasons = describe_tracks(new[done : done + batch], clips)
        described += rows
        rejected += reasons
        remembering.remember(frame(described), keys, memory, "features", {"also": "vector"})
        finished = min(done + batch, len(new))
        left = (time.monotonic() - started) / finished * (len(new) - finished)
        logger.info("%d of %d clips decoded, %.0f s left", finished, len(new), left)
    logger.info("%d of %d clips known, %d decoded", len(tracks) - len(new), len(tracks), len(new))
    job.write_table(frame(described)[FEATURES], "features", snakemake.output.features)
    write_descriptors(described, params.also, snakemake.output.descriptors)
    job.write_rejected(rejected, snakemake.output.rejected)


def write_descriptors(described: list[dict], sets: list[str], paths: list[str]) -> None:
    """Write the values of each set, which rows have one set after the other, to its own table."""
    columns = [kinds.columns(name) for name in sets]
    names = list(chain(*columns))
    values = np.array([row["also"] for row in described]).reshape(len(described), len(names))
    values = pd.DataFrame(values, columns=names)
    for of_set, path in zip(columns, paths, strict=True):
        table = values[of_set].assign(id=[row["id"] for row in described])
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
    return pd.DataFrame(rows, columns=[*FEATURES, "also"])


if __name__ == "__main__":
    # Python would have the decoding process import this file too, and pandas with it.
    del __file__
    job.run(main, snakemake)
