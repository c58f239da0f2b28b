"""Tabulate the disentanglement of every network."""

from hybridmusic.tables.disentanglement import notes, table, verdicts
from hybridmusic.tables.notes import units
from hybridmusic.tables.sheet import Sheet
from shared import job, sheets


def main(snakemake) -> None:
    measured = job.read_table(snakemake.input.measured)
    betas = dict(zip(snakemake.params.networks, snakemake.params.betas, strict=True))
    scores = table(measured, betas)
    catalogue = job.read_table(snakemake.input.catalogue)
    said = verdicts(measured), notes(measured) + units(catalogue)
    sheet = Sheet("Disentanglement of the networks", scores, *said)
    sheets.write(sheet, scores, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
