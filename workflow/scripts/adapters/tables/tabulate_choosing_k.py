"""Write the numbers of clusters chosen without labels, and their agreement with genre."""

from hybridmusic.tables import choosing_k
from hybridmusic.tables.methods import described, kept, marked_labels
from hybridmusic.tables.notes import units
from hybridmusic.tables.sheet import CHECKED, Sheet, joined
from shared import job, sheets


def main(snakemake) -> None:
    inputs, params, output = snakemake.input, snakemake.params, snakemake.output
    catalogue = job.read_table(inputs.catalogue)
    methods = described(params.methods, params.labels, params.tasks, params.conditions, catalogue)
    methods = kept(methods.assign(space=params.spaces_of))
    choices = job.read_joined(inputs.choices)
    job.write_table(choices, "choosing", output.chosen)
    table = choosing_k.table(
        choices, methods, job.read_table(inputs.uncertainty), catalogue["genre"].nunique()
    )
    sheet = Sheet(
        "Numbers of clusters chosen without labels",
        joined(marked_labels(table, methods)),
        {CHECKED: choosing_k.verdicts(choices, methods, table)},
        choosing_k.notes(methods, params.subsamples) + units(catalogue),
    )
    sheets.write(sheet, table, output)


if __name__ == "__main__":
    job.run(main, snakemake)
