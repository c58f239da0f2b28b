"""Make a space from one or several others, seed by seed."""

import json
import logging

import job
from hybridmusic import kinds

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    module = kinds.load("transforms", params.kind)
    read = [job.read_space(path) for path in snakemake.input.spaces]
    ids, sources = read[0][0], [members for _, members in read]
    members = {}
    for seed in job.seeds_of(sources, module.RANDOM, params.seeds):
        vectors = [job.member(source, seed) for source in sources]
        x = vectors if module.SEVERAL else vectors[0]
        members[seed] = module.transform(x, seed, **json.loads(params.settings))
        logger.info("seed %d: %d tracks, %d dimensions", seed, *members[seed].shape)
    job.write_space(ids, members, snakemake.output.space)


if __name__ == "__main__":
    job.run(main, snakemake)
