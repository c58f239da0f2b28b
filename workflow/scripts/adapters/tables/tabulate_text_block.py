"""Count the distinct sentences of this run, and of the runs that it is compared with."""

from pathlib import Path

import yaml

from hybridmusic.reports import comparison
from hybridmusic.tables.notes import TEXT_BLOCK
from hybridmusic.tables.sheet import DOUBT, Sheet
from shared import job, sheets


def main(snakemake) -> None:
    names, output = snakemake.params.runs, snakemake.output
    sentences = dict(zip(names, map(job.read_table, snakemake.input.sentences), strict=True))
    thresholds = {
        name: yaml.safe_load(Path(path).read_text(encoding="utf-8"))["text"]["thresholds"]
        for name, path in zip(names, snakemake.input.settings, strict=True)
    }
    table = comparison.text_blocks(sentences, thresholds)
    verdicts = {DOUBT: comparison.collapsed(table)}
    sheet = Sheet("Distinct sentences in the text block", table, verdicts, TEXT_BLOCK)
    sheets.write(sheet, table, output)


if __name__ == "__main__":
    job.run(main, snakemake)
