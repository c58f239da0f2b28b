"""Compare this run with others and with the paper's own figures."""

import pandas as pd

from hybridmusic.reports import comparison
from hybridmusic.tables.sheet import Sheet
from shared import job, sheets


def main(snakemake) -> None:
    inputs = snakemake.input
    printed = pd.read_csv(inputs.published)
    runs = [
        comparison.Run(
            *(name, job.read_yaml(settings)),
            *(*map(pd.read_csv, tables), job.read_table(sentences)),
        )
        for name, settings, sentences, *tables in zip(
            *(snakemake.params.runs, inputs.settings, inputs.sentences),
            *(inputs.table2, inputs.agreement, inputs.internal),
            strict=True,
        )
    ]
    sources = {comparison.PRINTED: printed} | {run.name: run.table2 for run in runs}
    table, notes = comparison.side_by_side(sources), comparison.notes(printed, runs)
    sheet = Sheet("The paper's Table 2 next to those of runs", table, notes=notes)
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
