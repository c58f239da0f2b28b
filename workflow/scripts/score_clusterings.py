"""Score every clustering: in its own space, in the reference space, against genre and language."""

import logging

import pandas as pd

import job
from hybridmusic import scores, songs

logger = logging.getLogger(__name__)

LABELS = ("genre", "language")


def main(snakemake) -> None:
    params = snakemake.params
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    catalogue = catalogue.astype(object).where(catalogue.notna(), None)
    spaces = dict(zip(params.space_names, map(job.read_space, snakemake.input.spaces), strict=True))
    rows = []
    for name, space, clusterer, level, path in zip(
        *(params.methods, params.spaces, params.clusterers, params.levels),
        snakemake.input.clusterings,
        strict=True,
    ):
        table = songs.scored(job.read_table(path), catalogue["song"], level)
        for (k, seed), group in table.groupby(["k", "seed"], dropna=False):
            tracks = catalogue.loc[group["id"]]
            labels = {label: tracks[label].to_numpy() for label in LABELS}
            measured = {
                of: job.vectors_of(group["id"], spaces[of], seed)
                for of in dict.fromkeys([space, params.reference])
            }
            clusters = group["cluster"].to_numpy()
            found = scores.score(clusters, measured, labels, params.exact_up_to, seed)
            rows += [(name, space, clusterer, k, seed, *score) for score in found]
    for label in LABELS:
        if catalogue[label].nunique() < 2:
            logger.warning("fewer than two of %s: agreement with it is left out", label)
    columns = job.table_schemas()["scores"]
    table = pd.DataFrame(rows, columns=columns).astype({"k": "Int64"})
    job.write_table(table, "scores", snakemake.output.scores)


if __name__ == "__main__":
    job.run(main, snakemake)
