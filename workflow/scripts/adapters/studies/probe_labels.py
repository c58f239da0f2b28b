"""Predict genre and language from every space, and from traits of the recordings."""

import logging
from collections.abc import Iterator

from hybridmusic.sound import recording
from hybridmusic.spaces.members import first
from hybridmusic.studies import probes
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    rows = []
    for kind, name, ids, x in _sources(snakemake):
        for row in probes.read_labels(x, catalogue.loc[ids], params.permutations, params.seed):
            logger.info("%s %s: %s %.3f", kind, name, row["label"], row["accuracy"])
            rows.append({"kind": kind, "name": name, **row})
    job.write_rows(rows, "probes", snakemake.output.probes)


def _sources(snakemake) -> Iterator[tuple]:
    """Yield kind, name, ids and vectors of every space and trait, one at a time to save memory."""
    for name, path in zip(snakemake.params.spaces, snakemake.input.spaces, strict=True):
        ids, members = job.read_space(path)
        yield "space", name, ids, first(members)
    recorded = job.read_table(snakemake.input.nuisances)
    if recorded.empty:
        logger.warning("no recording was measured, so none is probed for labels")
        return
    for name, x in recording.matrices(recorded).items():
        yield "recording", name, recorded["id"], x


if __name__ == "__main__":
    job.run(main, snakemake)
