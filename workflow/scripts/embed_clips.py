"""Embed the clips of one shard of the catalogue, by a model that somebody else has trained."""

import logging
from pathlib import Path

import pandas as pd

import computing
import job
import remembering
from hybridmusic import decoding, known
from hybridmusic.errors import ClipError
from hybridmusic.listening import Listener

logger = logging.getLogger(__name__)

LIBRARIES = (*known.LIBRARIES, "torch", "transformers")
VECTOR = {"vector": "vector"}


def main(snakemake) -> None:
    params, inputs = snakemake.params, snakemake.input
    number, shards = int(snakemake.wildcards.shard), params.shards
    catalogue = job.read_table(inputs.catalogue).dropna(subset="start")
    described = job.read_table(inputs.features, ["id"])["id"]
    tracks = known.shard(catalogue[catalogue["id"].isin(described)], number, shards)
    code = [Path(path).read_bytes() for path in inputs.code]
    settings = {name: value for name, value in params.items() if name != "shards"}
    stamp = known.stamp(code, settings, LIBRARIES)
    keys = dict(zip(tracks["id"], known.keys(tracks, stamp), strict=True))
    output = Path(snakemake.output.vectors)
    memory = output.parent / "known" / f"{number}-of-{shards}.parquet"

    remembered = remembering.recall(memory, ["id", "vector"])
    rows = [remembered[key] | {"id": name} for name, key in keys.items() if key in remembered]
    new = tracks[[key not in remembered for key in keys.values()]]
    if len(new):
        folder = inputs.model.removesuffix(".json") if inputs.model else params.model
        listener = Listener(folder, computing.device(snakemake))
        limits = params.decode_seconds, params.decode_megabytes
        calls = [
            (row.file_path, row.start, params.clip_seconds, params.min_seconds, listener.rate)
            for row in new.itertuples()
        ]
        clips = decoding.guarded(decoding.load_clip, calls, *limits)
        # All that a killed job loses is its last batch.
        for start in range(0, len(new), 256):
            ids = new["id"].iloc[start : start + 256]
            decoded = [(track, next(clips)) for track in ids]
            for track, clip in decoded:
                if isinstance(clip, ClipError):
                    logger.warning("%s %s: not embedded", track, clip)
            heard = [(track, clip) for track, clip in decoded if not isinstance(clip, ClipError)]
            if heard:
                names, sounds = zip(*heard, strict=True)
                vectors = listener.embed(list(sounds), params.layer)
                rows += [{"id": i, "vector": v} for i, v in zip(names, vectors, strict=True)]
            remembering.remember(frame(rows), keys, memory, "descriptors", VECTOR)
            logger.info("%d of %d clips embedded", start + len(ids), len(new))
    logger.info("%d of %d clips known, %d embedded", len(tracks) - len(new), len(tracks), len(new))
    job.write_table(frame(rows), "descriptors", output, VECTOR)


def frame(rows: list[dict]) -> pd.DataFrame:
    """Rows of `id` and `vector`, of which there may be none."""
    return pd.DataFrame(rows, columns=["id", "vector"])


if __name__ == "__main__":
    # Python would have the decoding process import this file too, and torch with it.
    del __file__
    job.run(main, snakemake)
