"""Write whether the words of the sentences go together with genre and with language."""

from hybridmusic.studies import associations
from hybridmusic.tables.sheet import ABSENT, CHECKED, Sheet
from shared import job, sheets


def main(snakemake) -> None:
    params = snakemake.params
    sentences = job.read_table(snakemake.input.sentences)
    tracks = job.read_table(snakemake.input.catalogue).set_index("id").loc[sentences["id"]]
    words = sentences.drop(columns="id")
    table = associations.associations(words, tracks, params.permutations, params.seed)
    heading = CHECKED if (table["Label"] == "genre").any() else ABSENT
    sheet = Sheet(
        "Association of the sentences' words with genre and language",
        table,
        {heading: associations.verdicts(table)},
        associations.notes(params.permutations),
    )
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
