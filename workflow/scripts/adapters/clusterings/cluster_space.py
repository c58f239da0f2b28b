"""Cluster a space by one method, for every number of clusters and every seed."""

import json
import logging

import numpy as np
import pandas as pd

from hybridmusic import kinds
from hybridmusic.errors import InputError
from hybridmusic.evaluation import resampling
from hybridmusic.spaces.members import member, seeds_of
from hybridmusic.studies import choosing_k
from hybridmusic.terms import AUTO, GENRES
from hybridmusic.tracks import songs
from shared import graphs, job

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
    ids, song = np.array(every)[units], tracks["song"]
    chosen = choosing_k.number(job.read_table(inputs.choice)) if inputs.get("choice") else None
    ks = _numbers(params.k, genres, chosen) if clusterer.NEEDS_K else [None]
    arguments = graphs.handed(
        clusterer, settings, members, params.exact_up_to, tracks, inputs.graph
    )
    rows = []
    for k in ks:
        if k is not None and k > len(ids):
            raise InputError(
                f"{params.method}: k = {k} clusters of only {len(ids)} {params.level}s"
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

    # The same method on the songs of bootstrap resamples shows whether its clusters are stable.
    seed, k = params.seeds[0], ks[0]
    x, rows = member(members, seed), []
    random = np.random.default_rng(seed)
    weights = resampling.song_weights(song, params.subsamples, random)
    for resample, drawn in enumerate(weights[:, resampling.codes(song)] > 0):
        if k is None or k <= drawn.sum():
            sample = {seed: x[drawn]}
            given = graphs.handed(clusterer, settings, sample, params.exact_up_to, tracks[drawn])
            clusters = clusterer.cluster(x[drawn], k, seed, **given[seed], **settings)
            rows.append(pd.DataFrame({"id": ids[drawn], "resample": resample, "cluster": clusters}))
    columns = job.table_schemas()["resampled"]
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
    job.write_table(table, "resampled", snakemake.output.resampled)


def _numbers(ks: list, genres: pd.Series, chosen: int | None) -> list[int]:
    """Return the numbers of clusters once each, with words replaced or left out with a warning."""
    words = {GENRES: genres.nunique() if genres.nunique() > 1 else None, AUTO: chosen}
    reasons = {GENRES: "fewer than two genres", AUTO: "nothing is stable in this space"}
    for word in [k for k in ks if k in words and words[k] is None]:
        logger.warning("%s: left out k = %s", reasons[word], word)
    numbers = [words.get(k, k) for k in ks]
    return list(dict.fromkeys(k for k in numbers if k is not None))


if __name__ == "__main__":
    job.run(main, snakemake)
