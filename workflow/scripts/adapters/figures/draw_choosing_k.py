"""Draw the numbers of clusters chosen without labels, and the radius of DBSCAN."""

from hybridmusic.figures.choosing_k import draw
from shared import job


def main(snakemake) -> None:
    choices = job.read_joined(snakemake.input.choices)
    distances = job.read_joined(snakemake.input.distances)
    figure = draw(choices, distances, list(snakemake.params.spaces))
    job.save_figure(figure, [snakemake.output.png, snakemake.output.pdf], snakemake.params.dpi)


if __name__ == "__main__":
    job.run(main, snakemake)
