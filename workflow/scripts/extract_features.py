"""Decode and describe the clips of one shard of the catalogue."""

import logging
import time

import pandas as pd

import job
from hybridmusic import audio
from hybridmusic.errors import ClipError

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    catalogue = job.read_table(snakemake.input.catalogue).dropna(subset="start")
    # Every n-th track, so that shards take equally long although sources differ.
    shard = catalogue.iloc[int(snakemake.wildcards.shard) :: snakemake.params.shards]
    with job.alone():
        audio.describe(audio.clicks(), audio.SAMPLE_RATE)
    described, rejected = [], []
    started = time.monotonic()
    for done, track in enumerate(shard.itertuples(), start=1):
        try:
            clip = audio.load_clip(
                track.file_path,
                track.start,
                snakemake.params.clip_seconds,
                snakemake.params.min_seconds,
            )
            described.append({"id": track.id, **audio.describe(clip, audio.SAMPLE_RATE)})
        except ClipError as error:
            logger.warning("%s %s: rejected", track.file_path, error)
            rejected.append({"file_path": track.file_path, "reason": str(error)})
        if done % max(1, len(shard) // 10) == 0:
            left = (time.monotonic() - started) / done * (len(shard) - done)
            logger.info("%d of %d clips, %.0f s left", done, len(shard), left)
    names = job.table_schemas()["features"]
    job.write_table(pd.DataFrame(described, columns=names), "features", snakemake.output.features)
    text = pd.DataFrame(rejected, columns=["file_path", "reason"]).to_csv(index=False)
    job.write_text(text, snakemake.output.rejected)


if __name__ == "__main__":
    job.run(main, snakemake)
