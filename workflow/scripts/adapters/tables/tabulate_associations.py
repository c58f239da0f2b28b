"""Test whether the words of the sentences are associated with genre and with language."""

from hybridmusic.studies.associations import associations
from hybridmusic.tables.associations import COLUMNS, notes, verdicts
from hybridmusic.tables.notes import units
from hybridmusic.tables.sheet import Sheet
from shared import job, sheets


def main(snakemake) -> None:
    params = snakemake.params
    sentences = job.read_table(snakemake.input.sentences)
    tracks = job.read_table(snakemake.input.catalogue).set_index("id").loc[sentences["id"]]
    words = sentences.drop(columns="id")
    measured = associations(words, tracks, params.permutations, params.seed)
    table = measured.rename(columns=COLUMNS)
    title = "Association of the sentences' words with genre and language"
    sheet = Sheet(title, table, verdicts(measured), notes(params.permutations) + units(tracks))
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
