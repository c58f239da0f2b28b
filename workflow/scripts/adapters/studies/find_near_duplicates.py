"""Find tracks with the same or nearly the same sound."""

import logging

import pandas as pd

from hybridmusic.spaces.members import first
from hybridmusic.studies.near_duplicates import duplicates
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    ids, members = job.read_space(snakemake.input.space)
    groups = duplicates(first(members))
    table = pd.DataFrame({"id": ids, "group": groups.near, "exact": groups.exact})
    job.write_table(table, "near_duplicates", snakemake.output.table)
    grouped = table[table["group"].duplicated(keep=False)].sort_values("group", kind="stable")
    logger.info(
        "of %d tracks, %d have an exact duplicate and %d a near one (within %.3g), in %d groups",
        *(len(table), table["exact"].duplicated(keep=False).sum(), len(grouped)),
        *(groups.radius, grouped["group"].nunique()),
    )
    paths = job.read_table(snakemake.input.catalogue).set_index("id")["file_path"]
    listed = grouped[["group", "id"]].assign(
        file_path=paths.loc[grouped["id"]].to_numpy(), exact=grouped["exact"].duplicated(keep=False)
    )
    job.write_text(listed.to_csv(index=False), snakemake.output.listed)


if __name__ == "__main__":
    job.run(main, snakemake)
