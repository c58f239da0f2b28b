"""Measure the V-measure of every space by the protocol of public leaderboards."""

import logging

from hybridmusic.studies import leaderboard
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    tracks, _ = leaderboard.scored(job.read_table(snakemake.input.catalogue))
    rows = []
    for name, path in zip(snakemake.params.spaces, snakemake.input.spaces, strict=True):
        for row in leaderboard.measure(*job.read_space(path), tracks):
            logger.info("%s, seed %d: %.3f", name, row["seed"], row["v_measure"])
            rows.append({"space": name, **row})
    job.write_rows(rows, "leaderboard", snakemake.output.measured)


if __name__ == "__main__":
    job.run(main, snakemake)
