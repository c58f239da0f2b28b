"""Write the scores of the whole grid, means over seeds, in every form."""

import pandas as pd

import job
from hybridmusic import tables


def main(snakemake) -> None:
    grid = pd.concat(map(job.read_table, snakemake.input.tuned), ignore_index=True)
    table, notes = tables.tuning(grid), tables.tuning_notes(grid, snakemake.params.k)
    title = "Tuning of the VAE, scored on songs held out"
    job.write_text(table.to_csv(index=False, float_format="%.6g"), snakemake.output.csv)
    for ending, text in tables.forms(table, notes, title, "tab:tuning").items():
        job.write_text(text, snakemake.output[ending])


if __name__ == "__main__":
    job.run(main, snakemake)
