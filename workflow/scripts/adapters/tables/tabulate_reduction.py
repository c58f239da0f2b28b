"""Write how reducing a space before clustering changes its scores, in every form."""

from hybridmusic.tables import reduction
from hybridmusic.tables.marks import marked_by_name
from hybridmusic.tables.notes import units
from hybridmusic.tables.sheet import ABSENT, REDUCING, Sheet
from shared import job, sheets


def main(snakemake) -> None:
    params = snakemake.params
    scores, changes, catalogue = (
        job.read_table(snakemake.input[name]) for name in ("scores", "changes", "catalogue")
    )
    labels = marked_by_name(params.spaces, params.conditions, catalogue)
    table = reduction.table(scores, labels)
    verdicts, notes = {ABSENT: [reduction.NOTHING]}, []
    if len(table):
        verdicts = {REDUCING: reduction.verdicts(changes)}
        notes = reduction.notes(labels, params.clusterers, params.k) + units(catalogue)
    title = "Clusterings of spaces as they are and reduced"
    sheet = Sheet(title, reduction.shown(table), verdicts, notes)
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
