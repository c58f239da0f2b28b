"""Write the scores of the whole tuning grid, means over seeds, in every form."""

from hybridmusic.tables import tuning
from hybridmusic.tables.sheet import LEARNED, Sheet
from shared import job, sheets


def main(snakemake) -> None:
    grid = job.read_joined(snakemake.input.tuned)
    table = tuning.table(grid)
    title, verdicts = "Tuning of the VAE, scored on held-out songs", tuning.verdicts(table)
    sheet = Sheet(title, table, {LEARNED: verdicts}, tuning.notes(grid, snakemake.params.k))
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
