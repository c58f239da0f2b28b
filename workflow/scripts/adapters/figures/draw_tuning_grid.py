"""Draw the tuning grid as heat maps."""

from hybridmusic.figures.tuning_grid import draw
from shared import job


def main(snakemake) -> None:
    grid = job.read_joined(snakemake.input.tuned)
    job.save_figure(draw(grid), snakemake.output, snakemake.params.dpi)


if __name__ == "__main__":
    job.run(main, snakemake)
