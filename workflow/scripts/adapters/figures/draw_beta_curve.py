"""Draw reconstruction, KL divergence and agreement with genre over beta."""

from hybridmusic.figures.beta_curve import draw
from hybridmusic.studies.tradeoff import best_rates
from shared import job


def main(snakemake) -> None:
    grid = job.read_joined(snakemake.input.tuned)
    job.save_figure(draw(best_rates(grid)), snakemake.output, snakemake.params.dpi)


if __name__ == "__main__":
    job.run(main, snakemake)
