"""Draw the tuning grid as heat maps."""

import pandas as pd

from hybridmusic.figures.tuning_grid import draw
from shared import job


def main(snakemake) -> None:
    grid = pd.concat(map(job.read_table, snakemake.input.tuned), ignore_index=True)
    job.save_figure(draw(grid), snakemake.output, snakemake.params.dpi)


if __name__ == "__main__":
    job.run(main, snakemake)
