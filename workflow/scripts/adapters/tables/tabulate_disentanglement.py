"""Write how disentangled every network is, in every form."""

from hybridmusic.studies import disentanglement
from hybridmusic.tables.sheet import Sheet
from shared import job, sheets


def main(snakemake) -> None:
    measured = job.read_table(snakemake.input.measured)
    betas = dict(zip(snakemake.params.networks, snakemake.params.betas, strict=True))
    table = disentanglement.table(measured, betas)
    notes = disentanglement.notes(measured)
    sheet = Sheet("Disentanglement of the networks", table, notes=notes)
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
