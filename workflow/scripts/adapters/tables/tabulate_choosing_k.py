"""Write how many clusters were chosen without labels, and how these agree with genre."""

import pandas as pd

from hybridmusic.tables import choosing_k, scores
from hybridmusic.tables.sheet import CHECKED, Sheet, joined
from shared import job, sheets


def main(snakemake) -> None:
    inputs, params, output = snakemake.input, snakemake.params, snakemake.output
    catalogue = job.read_table(inputs.catalogue)
    methods = scores.described(
        params.methods, params.labels, params.tasks, params.conditions, catalogue
    ).assign(space=params.spaces_of)
    methods = methods[~methods["name"].isin(scores.left_out(methods))].reset_index(drop=True)
    choices = pd.concat(map(job.read_table, inputs.choices), ignore_index=True)
    job.write_table(choices, "choosing", output.chosen)
    table = choosing_k.table(
        choices, methods, job.read_table(inputs.uncertainty), catalogue["genre"].nunique()
    )
    sheet = Sheet(
        "Numbers of clusters chosen without labels",
        joined(scores.marked_labels(table, methods)),
        {CHECKED: choosing_k.verdicts(choices, methods, table)},
        choosing_k.notes(methods, params.subsamples),
    )
    sheets.write(sheet, table, output)


if __name__ == "__main__":
    job.run(main, snakemake)
