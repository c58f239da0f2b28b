"""Find tracks whose sound is one and the same, or nearly."""

import logging

import pandas as pd

from hybridmusic.studies.near_duplicates import duplicates
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    ids, members = job.read_space(snakemake.input.space)
    found = duplicates(next(iter(members.values())))
    table = pd.DataFrame({"id": ids, "group": found.near, "exact": found.exact})
    job.write_table(table, "near_duplicates", snakemake.output.table)
    several = table[table["group"].duplicated(keep=False)].sort_values("group", kind="stable")
    logger.info(
        "%d of %d tracks have an equal, and %d a near one (within %.3g), in %d groups",
        table["exact"].duplicated(keep=False).sum(),
        len(table),
        len(several),
        found.radius,
        several["group"].nunique(),
    )
    paths = job.read_table(snakemake.input.catalogue).set_index("id")["file_path"]
    listed = several[["group", "id"]].assign(
        file_path=paths.loc[several["id"]].to_numpy(),
        exact=several["exact"].duplicated(keep=False),
    )
    job.write_text(listed.to_csv(index=False), snakemake.output.listed)


if __name__ == "__main__":
    job.run(main, snakemake)
