"""Draw agreement with genre across languages against agreement with language."""

from hybridmusic.figures.language import draw
from shared import job


def main(snakemake) -> None:
    compared = job.read_table(snakemake.input.compared)
    compared = compared[compared["k"] == snakemake.params.k]
    job.save_figure(draw(compared), snakemake.output, snakemake.params.dpi)


if __name__ == "__main__":
    job.run(main, snakemake)
