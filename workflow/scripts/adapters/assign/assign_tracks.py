"""Assign every new track to clusters, with its nearest known tracks and whether it is outside."""

import json
import logging
from functools import cache, partial

import numpy as np
import pandas as pd

from hybridmusic.clusterings import assignment
from hybridmusic.clusterings.centroids import Centroids
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
    def nearest(names: str) -> tuple[np.ndarray, np.ndarray, float]:
        """Ids and distances of the nearest known tracks, and the distance that is outside."""
        ids = spaces.known[names.split()[0]][0]
        old, placed = spaces.joined(names.split(), ids)
        near = assignment.Near.of(old, placed)
        limit = assignment.farthest(old, catalogue["unit"].loc[ids].to_numpy())
        return np.array(ids, dtype=object)[near.rows], near.distances[:, 0], limit

    tables = []
    for method in new_tracks.methods(snakemake, spaces):
        settings = json.loads(params.settings[method.number])
        rule, place = rule_of(method, settings, moved.get(method.name))
        clusters, confidence = assignment.assign(method.old, method.clusters, method.new, place)
        ids, distance, limit = nearest(params.truths[method.number])
        columns = {
            "id": spaces.ids,
            "file_path": new.loc[spaces.ids, "file_path"].to_numpy(),
            "method": method.name,
            "cluster": clusters,
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
        tables.append(pd.DataFrame(columns).astype({"k": "Int64"}))
        logger.info("%s: %d of %d outside", method.name, columns["outside"].sum(), len(spaces.ids))
    if not tables:
        raise InputError("no method of this run can assign new tracks to clusters")
    table = pd.concat(tables, ignore_index=True)
    job.write_text(table.to_csv(index=False), snakemake.output.assigned)


def rule_of(method: new_tracks.Method, settings: dict, moved: Centroids | None):
    """Return the name of a method's rule, and the rule for `assign`, None for the majority."""
    rule = getattr(method.clusterer, "RULE", assignment.RULE)
    if moved is not None:
        return f"{rule}, moved", lambda old, clusters, new: moved.nearest(new)
    place = getattr(method.clusterer, "place", None)
    return rule, place and partial(place, **settings)


if __name__ == "__main__":
    job.run(main, snakemake)
