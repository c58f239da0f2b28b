"""Write how well each network reconstructs songs that it was not trained on."""

import json
from pathlib import Path

from hybridmusic.evaluation import convergence
from hybridmusic.tables import reconstruction
from hybridmusic.tables.notes import units
from hybridmusic.tables.sheet import DOUBT, LEARNED, Sheet
from shared import job, sheets


def main(snakemake) -> None:
    networks = snakemake.params.networks
    held_out = job.read_tables(networks, snakemake.input.held_out)
    inputs = dict(zip(networks, snakemake.params.inputs, strict=True))
    histories = map(job.read_table, snakemake.input.histories)
    settings = [json.loads(Path(path).read_text("utf-8")) for path in snakemake.input.settings]
    losses = dict(zip(networks, map(convergence.loss, histories, settings), strict=True))
    table = reconstruction.table(held_out, losses, inputs)
    verdicts = {LEARNED: reconstruction.verdicts(table), DOUBT: reconstruction.doubts(table)}
    catalogue = job.read_table(snakemake.input.catalogue)
    notes = reconstruction.notes(held_out) + units(catalogue)
    sheet = Sheet("Reconstruction of held-out songs", table, verdicts, notes)
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
