"""Tabulate how well genre and language can be predicted from spaces and from recordings."""

from hybridmusic.tables import probes
from hybridmusic.tables.marks import marked_by_name
from hybridmusic.tables.notes import units
from hybridmusic.tables.sheet import Sheet
from shared import job, sheets


def main(snakemake) -> None:
    params = snakemake.params
    measured = job.read_table(snakemake.input.probes)
    catalogue = job.read_table(snakemake.input.catalogue)
    labels = marked_by_name(params.spaces, params.conditions, catalogue)
    title = "Genre and language, predicted from spaces and from recordings"
    shown, deviations = probes.table(measured, labels)
    notes = probes.notes(measured, labels.values()) + units(catalogue)
    sheet = Sheet(title, shown, probes.verdicts(measured), notes, deviations)
    sheets.write(sheet, measured, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
