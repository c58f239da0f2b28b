"""Write how disentangled every network is, in every form."""

import job
from hybridmusic import disentanglement, tables


def main(snakemake) -> None:
    measured = job.read_table(snakemake.input.measured)
    betas = dict(zip(snakemake.params.networks, snakemake.params.betas, strict=True))
    table, notes = disentanglement.table(measured, betas), disentanglement.notes(measured)
    title = "Disentanglement of the networks"
    job.write_text(table.to_csv(index=False, float_format="%.4f"), snakemake.output.csv)
    for ending, text in tables.forms(table, notes, title, "tab:disentanglement").items():
        job.write_text(text, snakemake.output[ending])


if __name__ == "__main__":
    job.run(main, snakemake)
