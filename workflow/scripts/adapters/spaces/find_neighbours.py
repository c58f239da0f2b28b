"""Find the nearest neighbours of every track of a space, once for all jobs that need them."""

import logging

from hybridmusic.spaces.neighbours import groups_of
from hybridmusic.tracks import songs
from shared import job
from shared.graphs import of_members, write

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    ids, members = job.read_space(snakemake.input.space)
    tracks = None
    if catalogue := snakemake.input.catalogue:
        # Only these columns are read, so that nothing else can influence the graph.
        tracks = job.read_table(catalogue, ["id", "song", "language"]).set_index("id").loc[ids]
        rows, _ = songs.units(tracks["song"], params.level)
        tracks, members = tracks.iloc[rows], {seed: x[rows] for seed, x in members.items()}
        ids = tracks.index.to_list()
    groups = groups_of(params.balance, tracks)
    graphs = of_members(
        members, params.neighbours, params.exact_up_to, metric=params.metric, groups=groups
    )
    graphs = {seed: neighbours.graph for seed, neighbours in graphs.items()}
    for seed, graph in graphs.items():
        how = "exactly" if graph.exact else "approximately"
        logger.info(
            "seed %d: %d neighbours of %d tracks, %s", seed, graph.indices.shape[1], len(ids), how
        )
    write(ids, graphs, snakemake.output.neighbours)


if __name__ == "__main__":
    job.run(main, snakemake)
