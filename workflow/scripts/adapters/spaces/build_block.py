"""Build a block, a space made of features alone."""

import json
import logging

import pandas as pd

from hybridmusic import kinds
from hybridmusic.tracks.vectors import read_vectors
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    names = kinds.declared("blocks", params.kind, "READS")
    tables = {name: job.read_table(snakemake.input[name]) for name in names}
    settings = json.loads(params.settings)
    if "sets" in settings:
        read = map(job.read_table, snakemake.input.descriptors)
        tables["descriptors"] = dict(zip(settings.pop("sets"), read, strict=True))
    if snakemake.input.clips:
        tables["vectors"] = pd.concat(map(job.read_table, snakemake.input.clips))
    if "path" in settings:
        tables["vectors"] = read_vectors(settings.pop("path"))
    ids, vectors = kinds.load("blocks", params.kind).block(**tables, **settings)
    logger.info("%d tracks, %d dimensions", *vectors.shape)
    job.write_space(ids, {params.seed: vectors}, snakemake.output.space)


if __name__ == "__main__":
    job.run(main, snakemake)
