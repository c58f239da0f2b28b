"""Move the centroids of a run, or of an earlier batch, by new tracks, and report how far."""

import logging

import pandas as pd

from hybridmusic.clusterings.centroids import Centroids, drift
from shared import job, new_tracks

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    spaces = new_tracks.Spaces.read(snakemake)
    moved = new_tracks.moved_centroids(snakemake.input.moved)
    states, drifts = [], []
    for method in new_tracks.methods(snakemake, spaces):
        if not getattr(method.clusterer, "CENTROIDS", False):
            continue
        before = moved.get(method.name) or Centroids.of(method.old, method.clusters)
        after = before.refined(method.new)
        state = {"cluster": after.clusters, "count": after.counts, "vector": list(after.centres)}
        states.append(pd.DataFrame(state).assign(method=method.name))
        table = drift(method.old, method.clusters, before, after)
        drifts.append(table.assign(method=method.name))
        logger.info(
            "%s: moved by up to %.3f of a cluster's spread; %d of %d old tracks would leave",
            *(method.name, table["moved_in_all"].max()),
            *(table["leave"].sum(), table["tracks"].sum()),
        )
    job.write_joined(states, "centroids", snakemake.output.centroids)
    table = pd.concat(drifts) if drifts else pd.DataFrame(columns=["method"])
    table = table[["method", *table.columns.drop("method")]]
    job.write_text(table.to_csv(index=False), snakemake.output.drift)


if __name__ == "__main__":
    job.run(main, snakemake)
