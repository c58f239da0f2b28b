"""Measure every space: how much of it is used, and whether languages mix in it."""

import logging

from hybridmusic.evaluation import mixing
from hybridmusic.evaluation.degeneracy import space_degeneracy
from hybridmusic.evaluation.silhouettes import Silhouettes, sample
from hybridmusic.tracks import songs
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    params = snakemake.params
    limit, first = params.exact_up_to, params.seed
    rows = []
    for name, level, path in zip(params.spaces, params.levels, snakemake.input.spaces, strict=True):
        ids, members = job.read_space(path)
        units, _ = songs.units(catalogue["song"].loc[ids], level)
        tracks = catalogue.loc[ids].iloc[units]
        for seed, vectors in members.items():
            x = vectors[units]
            measured = {"dimensions": float(x.shape[1]), **space_degeneracy(x)}
            # Near 0 if the languages mix.
            silhouettes = Silhouettes(x, limit, first)
            measured["language_silhouette"], _ = silhouettes.score(tracks["language"].to_numpy())
            if tracks["unit"].nunique() > 1:
                chosen = sample(len(x), limit, first)
                labels = tracks["language"], tracks["unit"]
                neighbours = mixing.neighbours(x, tracks["unit"], rows=chosen)
                measured["language_mixing"] = mixing.mixing(*labels, *neighbours)
            rows += [(name, seed, metric, value) for metric, value in measured.items()]
        logger.info("%s: %s", name, {metric: round(value, 3) for metric, value in measured.items()})
    job.write_rows(rows, "spaces", snakemake.output.measures)


if __name__ == "__main__":
    job.run(main, snakemake)
