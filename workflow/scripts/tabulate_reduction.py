"""Write what reducing a space before clustering changes, in every form."""

import job
import tabulating
from hybridmusic import reduction_table
from hybridmusic.conditions import marked
from hybridmusic.sheets import ABSENT, REDUCING, Sheet


def main(snakemake) -> None:
    params = snakemake.params
    scores, changes, catalogue = (
        job.read_table(snakemake.input[name]) for name in ("scores", "changes", "catalogue")
    )
    labels = {
        space: marked(space, condition, catalogue)
        for space, condition in zip(params.spaces, params.conditions, strict=True)
    }
    table = reduction_table.table(scores, labels)
    verdicts, notes = {ABSENT: [reduction_table.NOTHING]}, []
    if len(table):
        verdicts = {REDUCING: reduction_table.verdicts(changes)}
        notes = reduction_table.notes(labels, params.clusterers, params.k)
    sheet = Sheet(
        "Clusterings of spaces as they are and reduced",
        reduction_table.shown(table),
        verdicts,
        notes,
    )
    tabulating.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
