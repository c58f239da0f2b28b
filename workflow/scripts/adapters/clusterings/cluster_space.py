"""Cluster a space by one method, for every number of clusters and every seed."""

import json
import logging

import numpy as np
import pandas as pd

from hybridmusic import kinds
from hybridmusic.errors import InputError
from hybridmusic.evaluation import resampling
from hybridmusic.studies import choosing_k
from hybridmusic.terms import AUTO
from hybridmusic.tracks import songs
from shared import graphs, job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    inputs, params = snakemake.input, snakemake.params
    clusterer = kinds.load("clusterers", params.clusterer)
    every, members = job.read_space(inputs.space)
    tracks = job.read_table(inputs.catalogue).set_index("id").loc[every]
    # At song level each song is one row, and all of its clips get its cluster.
    units, number = songs.units(tracks["song"], params.level)
    members = {seed: x[units] for seed, x in members.items()}
    genres, tracks = tracks["genre"], tracks.iloc[units]
    ids, song = np.array(every)[units], tracks["song"]
    chosen = choosing_k.number(job.read_table(inputs.choice)) if inputs.get("choice") else None
    ks = _numbers(params.k, genres, chosen) if clusterer.NEEDS_K else [None]
    settings, rows = json.loads(params.settings), []
    near = graphs.handed(clusterer, settings, members, params.exact_up_to, tracks, inputs.graph)
    for k in ks:
        if k is not None and k > len(ids):
            raise InputError(
                f"{params.method}: k = {k} clusters of only {len(ids)} {params.level}s"
            )
        for seed in job.seeds_of([members], clusterer.RANDOM, params.seeds):
            x = job.member(members, seed)
            clusters = clusterer.cluster(x, k, seed, **job.member(near, seed), **settings)
            sizes = pd.Series(clusters).value_counts()
            logger.info("k %s, seed %d: sizes %s", k, seed, sizes.to_dict())
            found = {"id": every, "seed": seed, "k": k, "cluster": clusters[number]}
            rows.append(pd.DataFrame(found))
    table = pd.concat(rows, ignore_index=True).astype({"k": "Int64"})
    job.write_table(table, "clustering", snakemake.output.clustering)

    # The same method on the songs that are in a bootstrap resample, to see whether it lasts.
    seed, k = params.seeds[0], ks[0]
    x, rows = job.member(members, seed), []
    random = np.random.default_rng(seed)
    weights = resampling.song_weights(song, params.subsamples, random)
    for resample, drawn in enumerate(weights[:, resampling.codes(song)] > 0):
        if k is None or k <= drawn.sum():
            some = {seed: x[drawn]}
            near = graphs.handed(clusterer, settings, some, params.exact_up_to, tracks[drawn])
            clusters = clusterer.cluster(x[drawn], k, seed, **near[seed], **settings)
            rows.append(pd.DataFrame({"id": ids[drawn], "resample": resample, "cluster": clusters}))
    columns = job.table_schemas()["resampled"]
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
    job.write_table(table, "resampled", snakemake.output.resampled)


def _numbers(wanted: list, genres: pd.Series, chosen: int | None) -> list[int]:
    """Numbers of clusters, words replaced by what they stand for, if anything, each once."""
    words = {"genres": genres.nunique() if genres.nunique() > 1 else None, AUTO: chosen}
    reasons = {"genres": "fewer than two genres", AUTO: "nothing is stable in this space"}
    for word in [k for k in wanted if k in words and words[k] is None]:
        logger.warning("%s: left out k = %s", reasons[word], word)
    numbers = [words.get(k, k) for k in wanted]
    return list(dict.fromkeys(k for k in numbers if k is not None))


if __name__ == "__main__":
    job.run(main, snakemake)
