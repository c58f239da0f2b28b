"""Predict genre and language from every space, and from traits of the recordings."""

import json
import logging
from collections.abc import Iterator

from hybridmusic import kinds
from hybridmusic.sound import recording
from hybridmusic.spaces.members import first
from hybridmusic.studies import probes
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    rows = []
    for kind, name, ids, x, made in _sources(snakemake):
        tracks = catalogue.loc[ids]
        for row in probes.read_labels(x, tracks, params.permutations, params.seed, **made):
            logger.info("%s %s: %s %.3f by %s", kind, name, *map(row.get, LOGGED))
            rows.append({"kind": kind, "name": name, **row})
    job.write_rows(rows, "probes", snakemake.output.probes)


LOGGED = ("label", "accuracy", "probe")


def _sources(snakemake) -> Iterator[tuple]:
    """Yield kind, name, ids, vectors and the use of labels of every space and trait.

    One at a time, to save memory.
    """
    params = snakemake.params
    facts = zip(params.spaces, params.labels_used, params.scalings, strict=True)
    for path, (name, used, scaling) in zip(snakemake.input.spaces, facts, strict=True):
        ids, members = job.read_space(path)
        scale = _scale(**made) if (made := json.loads(scaling)) else None
        yield "space", name, ids, first(members), {"used": set(used.split()), "scale": scale}
    recorded = job.read_table(snakemake.input.nuisances)
    if recorded.empty:
        logger.warning("no recording was measured, so none is probed for labels")
        return
    for name, x in recording.matrices(recorded).items():
        yield "recording", name, recorded["id"], x, {}


def _scale(kind: str, settings: dict) -> probes.Scale:
    """Return the function that scales tracks within each language as a space was scaled."""
    place = kinds.load("transforms", kind).place

    def scale(train, test, own, others):
        pairs = ((train, own), (test, others))
        return tuple(place(train, x, language=(own, one), **settings) for x, one in pairs)

    return scale


if __name__ == "__main__":
    job.run(main, snakemake)
