"""Write how disentangled every network is, in every form."""

import job
import tabulating
from hybridmusic.studies import disentanglement
from hybridmusic.tables.sheet import Sheet


def main(snakemake) -> None:
    measured = job.read_table(snakemake.input.measured)
    betas = dict(zip(snakemake.params.networks, snakemake.params.betas, strict=True))
    table = disentanglement.table(measured, betas)
    notes = disentanglement.notes(measured)
    sheet = Sheet("Disentanglement of the networks", table, notes=notes)
    tabulating.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
