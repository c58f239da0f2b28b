"""Tell of every new track its cluster, its nearest known tracks, and whether it lies outside."""

import json
import logging
from functools import cache, partial

import numpy as np
import pandas as pd

from hybridmusic.clusterings import assignment
from hybridmusic.errors import InputError
from hybridmusic.tables.marks import marked
from shared import job, new_tracks

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    new = job.read_table(snakemake.input.new_catalogue).set_index("id")
    spaces = new_tracks.Spaces.read(snakemake)
    moved = new_tracks.moved_centroids(snakemake.input.moved)

    @cache
    def nearest(truth: str) -> tuple[np.ndarray, np.ndarray, float]:
        """Ids and distance of the nearest known tracks, and from where on all are far."""
        ids = spaces.known[truth.split()[0]][0]
        old, placed = spaces.of(truth.split(), ids)
        near = assignment.Near.of(old, placed)
        limit = assignment.farthest(old, catalogue["song"].loc[ids].to_numpy())
        return np.array(ids, dtype=object)[near.rows], near.distances[:, 0], limit

    tables = []
    for method in new_tracks.methods(snakemake, spaces):
        settings = json.loads(params.settings[method.number])
        place = getattr(method.clusterer, "place", None)
        rule = getattr(method.clusterer, "RULE", assignment.RULE)
        if method.name in moved:
            place = moved_by(moved[method.name])
            rule += ", moved"
        elif place is not None:
            place = partial(place, **settings)
        found, confidence = assignment.assign(method.old, method.clusters, method.new, place)
        ids, distance, limit = nearest(params.truths[method.number])
        described = {
            "id": spaces.ids,
            "file_path": new.loc[spaces.ids, "file_path"].to_numpy(),
            "method": method.name,
            "cluster": found,
            "distance": distance,
            "confidence": confidence,
            **{
                f"nearest_{n + 1}": ids[:, n] if n < ids.shape[1] else None
                for n in range(assignment.NEAREST)
            },
            "outside": distance > limit,
            "rule": marked(rule, params.conditions[method.number], catalogue),
            "k": method.k,
            "seed": method.seed,
        }
        tables.append(pd.DataFrame(described).astype({"k": "Int64"}))
        logger.info(
            "%s: %d of %d outside", method.name, described["outside"].sum(), len(spaces.ids)
        )
    if not tables:
        raise InputError("no method of this run tells anything of new tracks")
    table = pd.concat(tables, ignore_index=True)
    job.write_text(table.to_csv(index=False), snakemake.output.assigned)


def moved_by(centroids):
    """The rule of a clusterer whose centroids an earlier batch has moved."""
    return lambda old, clusters, new: centroids.nearest(new)


if __name__ == "__main__":
    job.run(main, snakemake)
