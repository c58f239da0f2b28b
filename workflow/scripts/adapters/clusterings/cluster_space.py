"""Cluster a space by one method, for every number of clusters and every seed."""

import json
import logging

import pandas as pd

from hybridmusic import kinds
from hybridmusic.errors import InputError
from hybridmusic.spaces.members import member, seeds_of
from hybridmusic.studies import choosing_k
from hybridmusic.tracks import songs
from shared import graphs, job, steps

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    inputs, params = snakemake.input, snakemake.params
    clusterer, settings = kinds.load("clusterers", params.clusterer), json.loads(params.settings)
    every, members = job.read_space(inputs.space)
    tracks = job.read_table(inputs.catalogue).set_index("id").loc[every]
    # At song level each song is one row, and all of its clips get its cluster.
    units, number = songs.units(tracks["song"], params.level)
    members = {seed: x[units] for seed, x in members.items()}
    genres, tracks = tracks["genre"], tracks.iloc[units]
    chosen = choosing_k.number(job.read_table(inputs.choice)) if inputs.get("choice") else None
    ks = steps.numbers(params.k, genres, chosen) if clusterer.NEEDS_K else [None]
    arguments = graphs.handed(
        clusterer, settings, members, params.exact_up_to, tracks, inputs.graph
    )
    rows = []
    for k in ks:
        if k is not None and k > len(tracks):
            raise InputError(
                f"{params.method}: k = {k} clusters of only {len(tracks)} {params.level}s"
            )
        for seed in seeds_of([members], clusterer.RANDOM, params.seeds):
            x = member(members, seed)
            clusters = clusterer.cluster(x, k, seed, **member(arguments, seed), **settings)
            sizes = pd.Series(clusters).value_counts()
            logger.info("k %s, seed %d: sizes %s", k, seed, sizes.to_dict())
            rows.append(
                pd.DataFrame({"id": every, "seed": seed, "k": k, "cluster": clusters[number]})
            )
    table = pd.concat(rows, ignore_index=True).astype({"k": "Int64"})
    job.write_table(table, "clustering", snakemake.output.clustering)


if __name__ == "__main__":
    job.run(main, snakemake)
