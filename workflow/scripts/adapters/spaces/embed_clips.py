"""Embed the clips of one shard of the catalogue by a pretrained audio model."""

import logging
from pathlib import Path

import pandas as pd
import pyarrow as pa

from hybridmusic.errors import ClipError
from hybridmusic.sound import cache_keys, decoding
from hybridmusic.sound.pretrained import Listener
from shared import cache, devices, job

logger = logging.getLogger(__name__)

LIBRARIES = (*cache_keys.LIBRARIES, "torch", "transformers")
VECTOR = {"vector": "vector"}


def main(snakemake) -> None:
    params, inputs = snakemake.params, snakemake.input
    number, shards = int(snakemake.wildcards.shard), params.shards
    catalogue = job.read_table(inputs.catalogue).dropna(subset="start")
    described = job.read_table(inputs.features, ["id"])["id"]
    tracks = cache_keys.shard(catalogue[catalogue["id"].isin(described)], number, shards)
    code = [Path(path).read_bytes() for path in inputs.code]
    settings = {name: value for name, value in params.items() if name != "shards"}
    stamp = cache_keys.stamp(code, settings, LIBRARIES)
    keys = dict(zip(tracks["id"], cache_keys.keys(tracks, stamp), strict=True))
    output = Path(snakemake.output.vectors)
    memory = output.parent / "known" / f"{number}-of-{shards}.parquet"

    rows = [cache.recall(memory, keys, job.arrow_schema("descriptors", VECTOR))]
    new = tracks[~tracks["id"].isin(rows[0]["id"].to_pylist())]
    if len(new):
        folder = inputs.model.removesuffix(".json") if inputs.model else params.model
        listener = Listener(folder, devices.device(snakemake))
        limits = params.decode_seconds, params.decode_megabytes
        calls = [
            (row.file_path, row.start, params.clip_seconds, params.min_seconds, listener.rate)
            for row in new.itertuples()
        ]
        clips = decoding.guarded(decoding.load_clip, calls, *limits)
        # Rows are kept after each batch, so that a killed job loses its last batch only.
        for start in range(0, len(new), 256):
            ids = new["id"].iloc[start : start + 256]
            decoded = [(track, next(clips)) for track in ids]
            for track, clip in decoded:
                if isinstance(clip, ClipError):
                    logger.warning("%s %s: not embedded", track, clip)
            usable = [(track, clip) for track, clip in decoded if not isinstance(clip, ClipError)]
            if usable:
                names, sounds = zip(*usable, strict=True)
                vectors = listener.embed(list(sounds), params.layer)
                table = pd.DataFrame({"id": names, "vector": list(vectors)})
                rows.append(job.arrow(table, "descriptors", VECTOR))
            cache.remember(pa.concat_tables(rows), keys, memory)
            logger.info("%d of %d clips embedded", start + len(ids), len(new))
    logger.info(
        "%d of %d clips in the cache, %d embedded", len(tracks) - len(new), len(tracks), len(new)
    )
    job.write_arrow(pa.concat_tables(rows), output)


if __name__ == "__main__":
    # Without this the decoding process would import this file, and torch with it.
    del __file__
    job.run(main, snakemake)
