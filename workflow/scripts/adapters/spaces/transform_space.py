"""Make a space from one or several others, seed by seed."""

import json
import logging

from hybridmusic import kinds
from hybridmusic.spaces.members import member, seeds_of
from hybridmusic.tracks import songs
from shared import graphs, job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    module = kinds.load("transforms", params.kind)
    ids, sources = job.read_common(snakemake.input.spaces)
    settings, tracks = json.loads(params.settings), None
    rows = number = slice(None)
    if snakemake.input.catalogue:
        tracks = job.read_table(snakemake.input.catalogue).set_index("id").loc[ids]
        rows, number = songs.units(tracks["song"], params.level)
        tracks = tracks.iloc[rows]
    sources = [{seed: x[rows] for seed, x in source.items()} for source in sources]
    neighbours = graphs.handed(
        *(module, settings, sources[0], params.exact_up_to),
        tracks=tracks,
        path=snakemake.input.graph,
    )
    needs = getattr(module, "NEEDS", ())
    settings |= {column: tracks[column].to_numpy() for column in needs}
    graphs.warm_up(module)
    members = {}
    for seed in seeds_of(sources, module.RANDOM, params.seeds):
        vectors = [member(source, seed) for source in sources]
        x = vectors if module.SEVERAL else vectors[0]
        graph = member(neighbours, seed)
        members[seed] = module.transform(x, seed, **graph, **settings)[number]
        logger.info("seed %d: %d tracks, %d dimensions", seed, *members[seed].shape)
    job.write_space(ids, members, snakemake.output.space)


if __name__ == "__main__":
    job.run(main, snakemake)
