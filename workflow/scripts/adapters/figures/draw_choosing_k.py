"""Draw the numbers of clusters chosen without labels, and the radius of DBSCAN."""

import pandas as pd

from hybridmusic.figures.choosing_k import draw
from shared import job


def main(snakemake) -> None:
    choices, distances = (
        pd.concat(map(job.read_table, snakemake.input[name]), ignore_index=True)
        for name in ("choices", "distances")
    )
    figure = draw(choices, distances, list(snakemake.params.spaces))
    job.save_figure(figure, [snakemake.output.png, snakemake.output.pdf], snakemake.params.dpi)


if __name__ == "__main__":
    job.run(main, snakemake)
