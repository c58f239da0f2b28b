"""Write how well each network reconstructs songs that it was not trained on."""

from hybridmusic.tables import reconstruction
from hybridmusic.tables.sheet import LEARNED, Sheet
from shared import job, sheets


def main(snakemake) -> None:
    networks = snakemake.params.networks
    held_out = job.read_tables(networks, snakemake.input.held_out)
    inputs = dict(zip(networks, snakemake.params.inputs, strict=True))
    table = reconstruction.table(held_out, inputs)
    verdicts, notes = {LEARNED: reconstruction.verdicts(table)}, reconstruction.notes(held_out)
    sheet = Sheet("Reconstruction of held-out songs", table, verdicts, notes)
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
