"""Make a space from one or several others, seed by seed."""

import json
import logging

import job
from hybridmusic import kinds, songs

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    module = kinds.load("transforms", params.kind)
    ids, sources = job.read_common(snakemake.input.spaces)
    settings = json.loads(params.settings)
    rows = number = slice(None)
    if snakemake.input.catalogue:
        catalogue = job.read_table(snakemake.input.catalogue).set_index("id").loc[ids]
        rows, number = songs.units(catalogue["song"], params.level)
        settings |= {column: catalogue[column].to_numpy()[rows] for column in module.NEEDS}
    if module.COMPILES:
        with job.alone():
            module.warm_up(len(ids))
    members = {}
    for seed in job.seeds_of(sources, module.RANDOM, params.seeds):
        vectors = [job.member(source, seed)[rows] for source in sources]
        x = vectors if module.SEVERAL else vectors[0]
        members[seed] = module.transform(x, seed, **settings)[number]
        logger.info("seed %d: %d tracks, %d dimensions", seed, *members[seed].shape)
    job.write_space(ids, members, snakemake.output.space)


if __name__ == "__main__":
    job.run(main, snakemake)
