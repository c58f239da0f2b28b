"""Write what reducing a space before clustering changes, in every form."""

from hybridmusic.tables import reduction
from hybridmusic.tables.marks import marked
from hybridmusic.tables.sheet import ABSENT, REDUCING, Sheet
from shared import job, sheets


def main(snakemake) -> None:
    params = snakemake.params
    scores, changes, catalogue = (
        job.read_table(snakemake.input[name]) for name in ("scores", "changes", "catalogue")
    )
    labels = {
        space: marked(space, condition, catalogue)
        for space, condition in zip(params.spaces, params.conditions, strict=True)
    }
    table = reduction.table(scores, labels)
    verdicts, notes = {ABSENT: [reduction.NOTHING]}, []
    if len(table):
        verdicts = {REDUCING: reduction.verdicts(changes)}
        notes = reduction.notes(labels, params.clusterers, params.k)
    sheet = Sheet(
        "Clusterings of spaces as they are and reduced",
        reduction.shown(table),
        verdicts,
        notes,
    )
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
