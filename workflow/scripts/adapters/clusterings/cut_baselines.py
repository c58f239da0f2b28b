"""Cluster the baselines at the numbers of clusters that methods found by themselves."""

import json
import logging

import pandas as pd

from hybridmusic.spaces.members import member, seeds_of
from hybridmusic.terms import AUTO
from hybridmusic.tracks import songs
from shared import job, steps

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    inputs, params = snakemake.input, snakemake.params
    catalogue = job.read_table(inputs.catalogue).set_index("id")
    numbers = set().union(*(_numbers(job.read_table(path)) for path in inputs.clusterings))
    numbers -= set(steps.numbers([k for k in params.k if k != AUTO], catalogue["genre"], None))
    frames = []
    for line, path in zip(params.baselines, inputs.spaces, strict=True):
        method, (ids, members) = json.loads(line), job.read_space(path)
        tracks = catalogue.loc[ids]
        rows, number = songs.units(tracks["song"], method["level"])
        ks = sorted(k for k in numbers if k <= len(rows))
        for seed in seeds_of([members], method["random"], params.seeds):
            clusters = steps.clustered(
                *(method["clusterer"], method["settings"], member(members, seed)[rows], ks),
                *(seed, params.exact_up_to, tracks.iloc[rows]),
            )
            frames += [
                pd.DataFrame(
                    {
                        "method": method["name"],
                        "id": ids,
                        "seed": seed,
                        "k": k,
                        "cluster": c[number],
                    }
                )
                for k, c in clusters.items()
            ]
        logger.info("%s: cut at %s", method["name"], ks)
    job.write_joined(frames, "cut", snakemake.output.cut)


def _numbers(clustering: pd.DataFrame) -> set[int]:
    """Return the numbers of clusters of a clustering, of all seeds; noise is one more cluster."""
    found = clustering[clustering["k"].isna()].groupby("seed")["cluster"].nunique()
    return {*clustering["k"].dropna(), *found}


if __name__ == "__main__":
    job.run(main, snakemake)
