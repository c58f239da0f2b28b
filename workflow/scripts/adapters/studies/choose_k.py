"""Choose the number of clusters of a space by stability across halves of the songs."""

import logging

import pandas as pd

from hybridmusic import kinds
from hybridmusic.spaces.radius import sorted_distances
from hybridmusic.studies import choosing_k
from hybridmusic.tracks import songs
from shared import graphs, job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    ids, members = job.read_space(snakemake.input.space)
    # Only these columns are read, so that no label can influence the choice.
    tracks = job.read_table(snakemake.input.catalogue, ["id", "song", "unit"]).set_index("id")
    tracks = tracks.loc[ids]
    rows, _ = songs.units(tracks["song"], params.level)
    members = {seed: x[rows] for seed, x in members.items()}
    stabilities = choosing_k.stability(
        *(list(members.values()), tracks["unit"].to_numpy()[rows]),
        *(params.candidates, params.subsamples, params.seeds[0]),
    )
    choice = choosing_k.chosen(stabilities)
    for row in choice.itertuples():
        logger.info(
            "k %d: stability %.3f, one cloud %.3f, bar %.3f",
            *(row.k, row.stability, row.reference, row.bar),
        )
    logger.info("chosen: %s", choosing_k.number(choice) or "none, because no k is stable")
    job.write_table(choice.assign(space=params.space), "choosing", snakemake.output.choice)

    settings = kinds.settings("clusterers", "dbscan", {})
    neighbours = graphs.of_members(
        members, settings["min_samples"], params.exact_up_to, path=snakemake.input.graph
    )
    graph = job.member(neighbours, params.seeds[0])
    distances = sorted_distances(graph, min(settings["min_samples"], len(rows)))
    table = pd.DataFrame({"space": params.space, "distance": distances})
    job.write_table(table, "k_distances", snakemake.output.distances)


if __name__ == "__main__":
    job.run(main, snakemake)
