"""Write what is learned from few labels, in every form."""

from hybridmusic.tables import few_labels
from hybridmusic.tables.notes import units
from hybridmusic.tables.sheet import ABSENT, LEARNED, Sheet, joined
from shared import job, sheets


def main(snakemake) -> None:
    scores = job.read_table(snakemake.input.scores)
    table = few_labels.table(scores)
    verdicts, notes = {ABSENT: [few_labels.NOTHING]}, []
    if len(table):
        verdicts = {LEARNED: few_labels.verdicts(scores)}
        notes = few_labels.notes(scores) + units(job.read_table(snakemake.input.catalogue))
    shown = few_labels.marked_shares(joined(table))
    sheet = Sheet("Genres of held-out songs, predicted from few labels", shown, verdicts, notes)
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
