"""Join the shards of one set of descriptors, and the numbers of feature tables."""

import logging

import pandas as pd

from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    tracks = job.read_table(snakemake.input.features)["id"]
    read = map(job.read_table, [*snakemake.input.shards, *snakemake.input.numbers])
    # The columns of empty frames have no types.
    tables = [table for table in read if len(table)]
    known = pd.concat([pd.DataFrame(columns=["id"]), *tables]).set_index("id")
    described = known.loc[tracks[tracks.isin(known.index)]].reset_index()
    logger.info("%d of %d tracks, %d columns", *described.shape, len(tracks))
    columns = dict.fromkeys(known, "number?")
    job.write_table(described, "descriptors", snakemake.output.descriptors, columns)


if __name__ == "__main__":
    job.run(main, snakemake)
