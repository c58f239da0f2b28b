"""Draw Figure 2, tracks and their reconstructions."""

from itertools import repeat

import numpy as np

from hybridmusic.figures.reconstructions import choose, draw, shortened, ticks
from hybridmusic.tables.marks import marked
from shared import job


def main(snakemake) -> None:
    params = snakemake.params
    ids, members = job.read_space(snakemake.input.space)
    x = job.member(members, params.seed)
    spaces = [job.read_space(path)[1] for path in snakemake.input.reconstructions]
    reconstructions = [job.member(members, params.seed) for members in spaces]
    errors = np.stack([((x - y) ** 2).mean(axis=1) for y in reconstructions])
    rows = choose(errors, params.tracks)
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    labels = map(marked, params.labels, params.conditions, repeat(catalogue))
    shown = {label: y[rows] for label, y in zip(labels, reconstructions, strict=True)}
    tracks = catalogue.loc[ids].iloc[rows]
    kinds = tracks["genre"].fillna(tracks["language"])
    pairs = zip(tracks["title"], kinds, strict=True)
    titles = ["\n".join(shortened(text, 22) for text in pair) for pair in pairs]
    figure = draw(x[rows], shown, titles, ticks(x.shape[1], params.of_mfcc))
    job.save_figure(figure, snakemake.output, params.dpi)


if __name__ == "__main__":
    job.run(main, snakemake)
