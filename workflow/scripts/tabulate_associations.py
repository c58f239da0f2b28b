"""Write whether the words of the sentences go together with genre and with language."""

import logging

import job
from hybridmusic import association, tables
from hybridmusic.sentences import DESCRIPTORS

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    sentences = job.read_table(snakemake.input.sentences)
    tracks = job.read_table(snakemake.input.catalogue).set_index("id").loc[sentences["id"]]
    words = sentences[[*DESCRIPTORS, "sentence"]]
    table = association.associations(words, tracks, params.permutations, params.seed)
    verdicts = association.verdicts(table)
    for verdict in verdicts:
        logger.info("%s", verdict)
    notes = [*verdicts, *association.notes(params.permutations)]
    title = "Association of the sentences' words with genre and language"
    job.write_text(table.to_csv(index=False, float_format="%.6g"), snakemake.output.csv)
    for ending, text in tables.forms(table, notes, title, "tab:associations").items():
        job.write_text(text, snakemake.output[ending])


if __name__ == "__main__":
    job.run(main, snakemake)
