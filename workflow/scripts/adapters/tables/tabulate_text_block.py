"""Write what the text block of this run, and of those that it is compared with, is made of."""

from pathlib import Path

import yaml

from hybridmusic.reports import comparison
from hybridmusic.tables.sheet import DOUBT, Sheet
from shared import job, sheets

NOTES = [
    "Tracks with the same sentence have the same row in the text block, most columns of the hybrid "
    "space: where a few sentences cover most tracks, its clusters are these sentences.",
    "Words by corpus are tertiles over all tracks, as the paper says; by track, percentiles of "
    "each track's own frames, as its released code does.",
]


def main(snakemake) -> None:
    names, output = snakemake.params.runs, snakemake.output
    sentences = dict(zip(names, map(job.read_table, snakemake.input.sentences), strict=True))
    thresholds = {
        name: yaml.safe_load(Path(path).read_text(encoding="utf-8"))["text"]["thresholds"]
        for name, path in zip(names, snakemake.input.settings, strict=True)
    }
    table = comparison.text_blocks(sentences, thresholds)
    sheet = Sheet(
        "What the text block is made of", table, {DOUBT: comparison.collapsed(table)}, NOTES
    )
    sheets.write(sheet, table, output)


if __name__ == "__main__":
    job.run(main, snakemake)
