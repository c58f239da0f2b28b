"""Write the scores of the whole tuning grid, means over seeds, in every form."""

from hybridmusic.tables import tuning
from hybridmusic.tables.notes import units
from hybridmusic.tables.sheet import LEARNED, Sheet
from shared import job, sheets


def main(snakemake) -> None:
    grid = job.read_joined(snakemake.input.tuned)
    table = tuning.table(grid)
    title = "Tuning of the VAE, scored on held-out songs"
    verdicts = tuning.verdicts(table, grid["seed"].nunique())
    notes = tuning.notes(grid, snakemake.params.k)
    notes += units(job.read_table(snakemake.input.catalogue))
    sheet = Sheet(title, table, {LEARNED: verdicts}, notes)
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
