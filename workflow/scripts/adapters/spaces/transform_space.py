"""Make a space from one or several others, seed by seed."""

import json
import logging

from shared import job, steps

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    inputs, params = snakemake.input, snakemake.params
    ids, sources = job.read_common(inputs.spaces)
    tracks = job.read_table(inputs.catalogue).set_index("id").loc[ids] if inputs.catalogue else None
    members = steps.transformed(
        *(params.kind, json.loads(params.settings), sources, params.seeds, params.exact_up_to),
        tracks=tracks,
        level=params.level,
        graph=inputs.graph,
    )
    for seed, x in members.items():
        logger.info("seed %d: %d tracks, %d dimensions", seed, *x.shape)
    job.write_space(ids, members, snakemake.output.space)


if __name__ == "__main__":
    job.run(main, snakemake)
