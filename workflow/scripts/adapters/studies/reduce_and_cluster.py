"""Reduce a space by PCA and by UMAP, and cluster it as it is and reduced by every clusterer."""

import logging

import numpy as np

from hybridmusic import kinds
from hybridmusic.errors import InputError
from hybridmusic.evaluation import silhouettes
from hybridmusic.spaces.neighbours import Neighbours
from hybridmusic.studies import reduction
from hybridmusic.terms import AS_IS
from hybridmusic.tracks import songs
from shared import job
from shared.graphs import of_members, warm_up

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    ids, members = job.read_space(snakemake.input.space)
    song = job.read_table(snakemake.input.catalogue).set_index("id")["song"]
    units, _ = songs.units(song.loc[ids], params.level)
    chosen = units[silhouettes.sample(len(units), params.exact_up_to, params.seeds[0])]
    if len(chosen) < len(units):
        logger.warning(
            "the study of reduction uses a random sample of %d of %d %ss",
            *(len(chosen), len(units), params.level),
        )
    ids, members = [ids[row] for row in chosen], _of_rows(members, chosen)
    if params.k > len(ids):
        raise InputError(
            f"reduction: k = {params.k} clusters of only {len(ids)} {params.level}s; lower k"
        )
    made = dict(zip(params.made, snakemake.input.made, strict=True))
    # A sample has other neighbours than all tracks, so graphs of all tracks are not used.
    whole = len(chosen) == len(units)
    graphs = dict(zip(params.graphs, snakemake.input.graphs, strict=True)) if whole else {}

    def neighbours(name: str, space: dict[int, np.ndarray]) -> dict[int, Neighbours]:
        return of_members(space, params.neighbours, params.exact_up_to, path=graphs.get(name))

    spaces = {AS_IS: members}
    near = {AS_IS: neighbours(AS_IS, members)}
    for kind in params.reductions:
        if kind in made:
            spaces[kind] = _of_rows(job.read_space(made[kind])[1], chosen)
        else:
            spaces[kind] = _reduced(kind, members, near[AS_IS], params.seeds)
        near[kind] = neighbours(kind, spaces[kind])
    tables = []
    for name, vectors in spaces.items():
        for clusterer in params.clusterers:
            seeds = job.seeds_of([vectors], reduction.is_random(clusterer), params.seeds)
            table = reduction.clustered(ids, vectors, near[name], clusterer, params.k, seeds)
            n = table.groupby("seed")["cluster"].nunique().mean()
            logger.info("%s, %s: %d seeds, %.3g clusters", name, clusterer, len(seeds), n)
            tables.append(table.assign(reduction=name, clusterer=clusterer))
    job.write_joined(tables, "reduced", snakemake.output.table)


def _of_rows(members: dict[int, np.ndarray], rows: np.ndarray) -> dict[int, np.ndarray]:
    return {seed: x[rows] for seed, x in members.items()}


def _reduced(
    kind: str, members: dict[int, np.ndarray], near: dict[int, Neighbours], seeds: list[int]
) -> dict[int, np.ndarray]:
    """Reduce a space by a kind of transform with its defaults, for every seed."""
    module, settings = kinds.load("transforms", kind), kinds.settings("transforms", kind, {})
    warm_up(module)
    reduced = {}
    for seed in job.seeds_of([members], module.RANDOM, seeds):
        if hasattr(module, "GRAPH"):
            settings["graph"] = job.member(near, seed)
        x = job.member(members, seed)
        reduced[seed] = module.transform(x, seed, **settings).astype(np.float32)
    return reduced


if __name__ == "__main__":
    job.run(main, snakemake)
