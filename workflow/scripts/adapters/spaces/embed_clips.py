"""Embed the clips of one shard of the catalogue by a pretrained audio model."""

import logging

import pandas as pd

from hybridmusic.errors import ClipError
from hybridmusic.sound import cache_keys, decoding
from hybridmusic.sound.pretrained import Listener
from shared import cache, devices, job

logger = logging.getLogger(__name__)

CLIPS = ["id", "content", "file_path", "start"]
LIBRARIES = (*cache_keys.LIBRARIES, "torch", "transformers")
VECTOR = {"vector": "vector"}


def main(snakemake) -> None:
    params, inputs, output = snakemake.params, snakemake.input, snakemake.output.vectors
    catalogue = job.read_table(inputs.catalogue, CLIPS).dropna(subset="start")
    described = job.read_table(inputs.features, ["id"])["id"]
    catalogue = catalogue[catalogue["id"].isin(described)]
    schema = job.arrow_schema("descriptors", VECTOR)
    memory = cache.Memory(snakemake, catalogue, output, schema, LIBRARIES)
    new = memory.new()
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
                memory.append(job.arrow(table, "descriptors", VECTOR))
            logger.info("%d of %d clips embedded", start + len(ids), len(new))
    total = len(memory.tracks)
    logger.info("%d of %d clips in the cache, %d embedded", total - len(new), total, len(new))
    job.write_arrow(memory.table(), output)


if __name__ == "__main__":
    # Without this the decoding process would import this file, and torch with it.
    del __file__
    job.run(main, snakemake)
