"""Cluster a space by one method, for every number of clusters and every seed."""

import json
import logging

import numpy as np
import pandas as pd

import job
from hybridmusic import kinds, resampling
from hybridmusic.errors import InputError

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    clusterer = kinds.load("clusterers", params.clusterer)
    ids, members = job.read_space(snakemake.input.space)
    tracks = job.read_table(snakemake.input.catalogue).set_index("id").loc[ids]
    genres = tracks["genre"]
    ks = _numbers(params.k, genres) if clusterer.NEEDS_K else [None]
    settings, rows = json.loads(params.settings), []
    for k in ks:
        if k is not None and k > len(ids):
            raise InputError(f"{params.method}: k = {k} clusters of only {len(ids)} tracks")
        for seed in job.seeds_of([members], clusterer.RANDOM, params.seeds):
            x = job.member(members, seed)
            clusters = clusterer.cluster(x, k, seed, **settings)
            sizes = pd.Series(clusters).value_counts()
            logger.info("k %s, seed %d: sizes %s", k, seed, sizes.to_dict())
            rows.append(pd.DataFrame({"id": ids, "seed": seed, "k": k, "cluster": clusters}))
    table = pd.concat(rows, ignore_index=True).astype({"k": "Int64"})
    job.write_table(table, "clustering", snakemake.output.clustering)

    # The same method on the songs that are in a bootstrap resample, to see whether it lasts.
    seed, k = params.seeds[0], ks[0]
    x, rows = job.member(members, seed), []
    random = np.random.default_rng(seed)
    weights = resampling.song_weights(tracks["song"], params.subsamples, random)
    for number, drawn in enumerate(weights[:, resampling.codes(tracks["song"])] > 0):
        if k is None or k <= drawn.sum():
            clusters = clusterer.cluster(x[drawn], k, seed, **settings)
            chosen = np.array(ids)[drawn]
            rows.append(pd.DataFrame({"id": chosen, "resample": number, "cluster": clusters}))
    columns = job.table_schemas()["resampled"]
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
    job.write_table(table, "resampled", snakemake.output.resampled)


def _numbers(wanted: list, genres: pd.Series) -> list[int]:
    """Numbers of clusters, `genres` replaced by how many there are, each once."""
    if "genres" in wanted and genres.nunique() < 2:
        logger.warning("fewer than two genres: left out k = number of genres")
        wanted = [k for k in wanted if k != "genres"]
    return list(dict.fromkeys(genres.nunique() if k == "genres" else int(k) for k in wanted))


if __name__ == "__main__":
    job.run(main, snakemake)
