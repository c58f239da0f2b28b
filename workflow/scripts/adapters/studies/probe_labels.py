"""Read genre and language from every space, and from what is no music."""

import logging

import pandas as pd

from hybridmusic.sound import recording
from hybridmusic.studies import probes
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    rows = []

    def read(kind, name, ids, x) -> None:
        found = probes.read_labels(x, catalogue.loc[ids], params.permutations, params.seed)
        for row in found:
            logger.info("%s %s: %s %.3f", kind, name, row["label"], row["accuracy"])
        rows.extend({"kind": kind, "name": name, **row} for row in found)

    for name, path in zip(params.spaces, snakemake.input.spaces, strict=True):
        ids, members = job.read_space(path)
        read("space", name, ids, next(iter(members.values())))
    recorded = job.read_table(snakemake.input.nuisances)
    if len(recorded):
        for name, x in recording.matrices(recorded).items():
            read("recording", name, recorded["id"], x)
    else:
        logger.warning("no recording was measured: no label is read from any")
    table = pd.DataFrame(rows, columns=list(job.table_schemas()["probes"]))
    job.write_table(table, "probes", snakemake.output.probes)


if __name__ == "__main__":
    job.run(main, snakemake)
