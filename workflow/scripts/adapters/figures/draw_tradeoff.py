"""Draw reconstruction against agreement with genre, over networks and over beta."""

import pandas as pd

from hybridmusic.figures.tradeoff import draw
from hybridmusic.studies import tradeoff
from hybridmusic.tables.marks import marked
from shared import job


def main(snakemake) -> None:
    params = snakemake.params
    scores = job.read_table(snakemake.input.scores)
    catalogue = job.read_table(snakemake.input.catalogue)
    networks = {}
    for space, label, condition, path in zip(
        params.networks, params.labels, params.conditions, snakemake.input.held_out, strict=True
    ):
        points = tradeoff.of_network(job.read_table(path), scores, space, params.k)
        if len(points):
            networks[marked(label, condition, catalogue)] = points
    grids = [tradeoff.of_grid(job.read_table(path)) for path in snakemake.input.tuned]
    figure = draw(networks, pd.concat(grids, ignore_index=True) if grids else None)
    job.save_figure(figure, snakemake.output, params.dpi)


if __name__ == "__main__":
    job.run(main, snakemake)
