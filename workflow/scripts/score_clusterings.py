"""Score every clustering: in its own space, in the reference space, against genre and language."""

import logging

import pandas as pd

import job
from hybridmusic import scores

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    spaces = dict(zip(params.space_names, map(job.read_space, snakemake.input.spaces), strict=True))
    rows = []
    for name, space, clusterer, path in zip(
        params.methods, params.spaces, params.clusterers, snakemake.input.clusterings, strict=True
    ):
        for (k, seed), group in job.read_table(path).groupby(["k", "seed"], dropna=False):
            clusters = group["cluster"].to_numpy()
            tracks = catalogue.loc[group["id"]]
            found = [(None, scores.coverage(clusters))]
            for measured_in in dict.fromkeys([space, params.reference]):
                x = job.member(spaces[measured_in][1], seed)
                found.append((measured_in, scores.internal_scores(x, clusters)))
            for label in ("genre", "language"):
                known = tracks[label].notna().to_numpy()
                if tracks[label].nunique() < 2:
                    continue
                values = scores.external_scores(clusters[known], tracks[label][known])
                found.append((label, values))
            rows += [
                (name, space, clusterer, k, seed, metric, measured_in, value)
                for measured_in, values in found
                for metric, value in values.items()
            ]
    for label in ("genre", "language"):
        if catalogue[label].nunique() < 2:
            logger.warning("fewer than two of %s: agreement with it is left out", label)
    columns = job.table_schemas()["scores"]
    table = pd.DataFrame(rows, columns=columns).astype({"k": "Int64"})
    job.write_table(table, "scores", snakemake.output.scores)


if __name__ == "__main__":
    job.run(main, snakemake)
