"""Find songs with the same or nearly the same sound, and tracks with equal features."""

import logging

import numpy as np
import pandas as pd

from hybridmusic.spaces.members import first
from hybridmusic.studies.near_duplicates import duplicates
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    ids, members = job.read_space(snakemake.input.space)
    tracks = job.read_table(snakemake.input.catalogue).set_index("id").loc[ids]
    known = job.read_joined(snakemake.input.fingerprints).set_index("id")["fingerprint"]
    fingerprints = [known.get(name) for name in ids]
    groups = duplicates(first(members), pd.factorize(tracks["song"])[0], fingerprints)
    compared = np.where(groups.heard, "fingerprint", "features")
    table = pd.DataFrame(
        {"id": ids, "group": groups.near, "exact": groups.exact, "compared": compared}
    )
    job.write_table(table, "near_duplicates", snakemake.output.table)
    listed = table.assign(
        song=tracks["song"].to_numpy(),
        file_path=tracks["file_path"].to_numpy(),
        exact=table["exact"].duplicated(keep=False),
    )
    is_near = listed.groupby("group")["song"].transform("nunique") > 1
    logger.info(
        "of %d tracks, %d have an exact duplicate; %d songs are near duplicates, in %d groups",
        *(len(table), listed["exact"].sum(), listed["song"][is_near].nunique()),
        listed["group"][is_near].nunique(),
    )
    if not groups.heard.all():
        logger.info(
            "%d tracks have no fingerprint: near ones have features within %.3g",
            *((~groups.heard).sum(), groups.radius),
        )
    listed = listed[is_near | listed["exact"]].sort_values(["group", "song"], kind="stable")
    columns = ["group", "song", "id", "file_path", "exact", "compared"]
    job.write_text(listed[columns].to_csv(index=False), snakemake.output.listed)


if __name__ == "__main__":
    job.run(main, snakemake)
