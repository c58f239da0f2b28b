"""Write the scores of the whole grid, means over seeds, in every form."""

import pandas as pd

from hybridmusic.tables import scores
from hybridmusic.tables.sheet import LEARNED, Sheet
from shared import job, sheets


def main(snakemake) -> None:
    grid = pd.concat(map(job.read_table, snakemake.input.tuned), ignore_index=True)
    table = scores.tuning(grid)
    sheet = Sheet(
        "Tuning of the VAE, scored on songs held out",
        table,
        {LEARNED: scores.tuning_verdicts(table)},
        scores.tuning_notes(grid, snakemake.params.k),
    )
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
