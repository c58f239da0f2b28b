"""Draw scores of learning from few labels."""

from hybridmusic.figures.few_labels import draw
from shared import job


def main(snakemake) -> None:
    figure = draw(job.read_table(snakemake.input.scores))
    job.save_figure(figure, snakemake.output, snakemake.params.dpi)


if __name__ == "__main__":
    job.run(main, snakemake)
