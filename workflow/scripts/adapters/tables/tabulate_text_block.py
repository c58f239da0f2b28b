"""Count the distinct sentences of this run, and of the runs that it is compared with."""

from hybridmusic.reports import comparison
from hybridmusic.tables.notes import TEXT_BLOCK
from hybridmusic.tables.sheet import DOUBT, Sheet
from shared import job, sheets


def main(snakemake) -> None:
    names, output = snakemake.params.runs, snakemake.output
    sentences = job.read_tables(names, snakemake.input.sentences)
    settings = zip(names, map(job.read_yaml, snakemake.input.settings), strict=True)
    thresholds = {name: one["text"]["thresholds"] for name, one in settings}
    table = comparison.text_blocks(sentences, thresholds)
    verdicts = {DOUBT: comparison.collapsed(table)}
    sheet = Sheet("Distinct sentences in the text block", table, verdicts, TEXT_BLOCK)
    sheets.write(sheet, table, output)


if __name__ == "__main__":
    job.run(main, snakemake)
