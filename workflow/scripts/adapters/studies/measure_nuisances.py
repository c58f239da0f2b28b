"""Measure traits of each clip's recording that are not music, such as its level and codec."""

import logging

from hybridmusic.errors import ClipError
from hybridmusic.sound import decoding, recording
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    ids = job.read_table(snakemake.input.features)["id"]
    tracks = job.read_table(snakemake.input.catalogue).set_index("id").loc[ids]
    tracks = tracks[tracks["start"].notna() & tracks["content"].notna()]
    calls = [(track.file_path, track.start, params.clip_seconds) for track in tracks.itertuples()]
    limits = params.decode_seconds, params.decode_megabytes
    rows = []
    pairs = zip(tracks.index, decoding.guarded(recording.measure, calls, *limits), strict=True)
    for name, traits in job.counted(pairs, len(tracks), "recordings measured"):
        if isinstance(traits, ClipError):
            logger.warning("%s %s: not measured", name, traits)
        else:
            rows.append({"id": name, **traits})
    logger.info("%d of %d tracks measured", len(rows), len(ids))
    job.write_rows(rows, "nuisances", snakemake.output.nuisances)


if __name__ == "__main__":
    # Otherwise the decoding process would import this file too, and pandas with it.
    del __file__
    job.run(main, snakemake)
