"""Cluster the baselines at the numbers of clusters that methods found by themselves."""

import json
import logging

import pandas as pd

from hybridmusic.spaces.members import member, seeds_of
from hybridmusic.terms import AUTO
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
        for seed in seeds_of([members], method["random"], params.seeds):
            settings = sorted(numbers), seed, params.exact_up_to, catalogue.loc[ids]
            cuts = steps.clustered(method, member(members, seed), *settings)
            frames += [pd.DataFrame({"seed": seed, **cut}) for cut in cuts]
        logger.info("%s: cut at %s", method["name"], sorted(numbers))
    job.write_joined(frames, "cut", snakemake.output.cut)


def _numbers(clustering: pd.DataFrame) -> set[int]:
    """Return the numbers of clusters of a clustering, of all seeds; noise is one more cluster."""
    found = clustering[clustering["k"].isna()].groupby("seed")["cluster"].nunique()
    return {*clustering["k"].dropna(), *found}


if __name__ == "__main__":
    job.run(main, snakemake)
