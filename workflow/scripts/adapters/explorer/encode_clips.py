"""Encode the clips of one shard for the explorer, within its limit of size."""

import logging
import shutil
from pathlib import Path

import numpy as np

from hybridmusic.errors import ClipError
from hybridmusic.explorer import mp3
from hybridmusic.sound import cache_keys, decoding
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    ids = job.read_table(snakemake.input.features)["id"]
    tracks = job.read_table(snakemake.input.catalogue).set_index("id", drop=False).loc[ids]
    # A clip is named by its row, so that no name from users becomes a path.
    tracks["row"] = range(len(tracks))
    tracks = tracks[tracks["start"].notna()]
    plan = mp3.plan(len(tracks), params.clip_seconds, params.bitrate, params.megabytes)
    logger.info("%d clips, %s", len(tracks), plan)
    tracks = tracks[mp3.chosen(len(tracks), plan.clips)]
    tracks = cache_keys.shard(tracks, int(snakemake.wildcards.shard), params.shards)
    calls = [
        (track.file_path, track.start, params.clip_seconds, params.min_seconds)
        for track in tracks.itertuples()
    ]
    limits = params.decode_seconds, params.decode_megabytes
    folder = Path(snakemake.output.folder)
    temporary = folder.with_name(f".{folder.name}")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    decoded = decoding.guarded(decoding.load_clip, calls, *limits)
    pairs = zip(tracks.itertuples(), decoded, strict=True)
    for track, clip in job.counted(pairs, len(tracks), "clips encoded"):
        if isinstance(clip, ClipError):
            logger.warning("%s %s: without sound", track.file_path, clip)
        else:
            mp3.encode(np.array(clip), temporary / f"{track.row}.mp3", plan.bitrate, plan.seconds)
    shutil.rmtree(folder, ignore_errors=True)
    temporary.rename(folder)


if __name__ == "__main__":
    # Python would have the decoding process import this file too, and pandas with it.
    del __file__
    job.run(main, snakemake)
