"""Fit every method again on random halves of the songs, from the first fitted step on."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hybridmusic import kinds
from hybridmusic.evaluation.halves import halves, strata, turn
from hybridmusic.spaces.members import common, first
from hybridmusic.studies import choosing_k
from hybridmusic.training.tasks import encoded_together
from shared import devices, job, networks, steps

logger = logging.getLogger(__name__)

# Values of the halves on which networks are trained as one ensemble; bounds memory.
AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Half:
    """Half of the songs, and the spaces that were made of them with one seed."""

    number: int
    seed: int
    tracks: pd.DataFrame  # catalogue by id
    spaces: dict[str, tuple[list[str], dict[int, np.ndarray]]] = field(default_factory=dict)

    def sources(self, step: dict) -> tuple[pd.DataFrame, list[dict[int, np.ndarray]]]:
        """Return the tracks that all parents of a step have, and the vectors of each parent."""
        ids, members = common([self.spaces[parent] for parent in step["of"]])
        return self.tracks.loc[ids], members


def main(snakemake) -> None:
    params, inputs = snakemake.params, snakemake.input
    catalogue = job.read_table(inputs.catalogue).set_index("id")
    frames = []
    if len(catalogue) > params.refit_up_to:
        logger.warning(
            "%d tracks are more than statistics.refit_up_to, %d: no method is fitted again",
            *(len(catalogue), params.refit_up_to),
        )
    else:
        drawn = halves(catalogue["unit"], strata(catalogue), params.halves, params.seeds[0])
        sample = [
            Half(number, params.seeds[turn(number, len(params.seeds))], catalogue[drawn[number]])
            for number in range(params.shard, params.halves, params.shards)
        ]
        _make_spaces(sample, catalogue, snakemake)
        chosen = {
            space: choosing_k.number(job.read_table(path))
            for space, path in zip(params.chosen, inputs.choices, strict=True)
        }
        frames = [
            pd.DataFrame({"half": half.number, **rows}).astype({"k": "Int64"})
            for half in sample
            for rows in _cluster(half, catalogue["genre"], chosen, params)
        ]
    job.write_joined(frames, "halves", snakemake.output.halves)


def _make_spaces(sample: list[Half], catalogue: pd.DataFrame, snakemake) -> None:
    """Make every space of the methods for each half; those of other models' vectors are given."""
    inputs, params = snakemake.input, snakemake.params
    device = devices.device(snakemake)
    given = {
        name: job.read_space(path) for name, path in zip(params.given, inputs.given, strict=True)
    }
    tables = {
        name: job.read_table(inputs[name])
        for name in ("features", "sentences", "embeddings")
        if inputs[name]
    } | {"descriptors": job.read_tables(params.sets, inputs.descriptors)}
    lines = [json.loads(step) for step in params.steps]
    wanted = {json.loads(method)["space"] for method in params.methods}
    for place, step in enumerate(lines):
        name = step["name"]
        if name in given:
            made = [_rows(given[name], half) for half in sample]
        elif step["family"] == "blocks":
            made = [_block(step, tables, half) for half in sample]
        elif step["family"] == "networks":
            made = _networks(step, sample, catalogue, params.exact_up_to, device)
        else:
            made = [_transform(step, half, params.exact_up_to) for half in sample]
        later = wanted.union(*(other["of"] for other in lines[place + 1 :]))
        for half, (ids, x) in zip(sample, made, strict=True):
            half.spaces[name] = ids, {half.seed: np.asarray(x, dtype=np.float32)}
            for done in set(half.spaces) - later:
                del half.spaces[done]
        logger.info("made %s for %d halves", name, len(sample))


def _rows(
    space: tuple[list[str], dict[int, np.ndarray]], half: Half
) -> tuple[list[str], np.ndarray]:
    """Return the rows of a space that are in a half."""
    ids = [name for name in space[0] if name in half.tracks.index]
    return ids, job.vectors_of(ids, space, half.seed)


def _block(step: dict, tables: dict, half: Half) -> tuple[list[str], np.ndarray]:
    """Make a block of the half's rows of its tables."""

    def rows(table: pd.DataFrame) -> pd.DataFrame:
        # The embedded sentences are by sentence.
        return table[table["id"].isin(half.tracks.index)] if "id" in table else table

    module, settings = kinds.load("blocks", step["kind"]), dict(step["settings"])
    read = {name: rows(tables[name]) for name in module.READS}
    if "sets" in settings:
        described = {name: rows(tables["descriptors"][name]) for name in settings.pop("sets")}
        read["descriptors"] = described
    return module.block(**read, **settings)


def _transform(step: dict, half: Half, exact_up_to: int) -> tuple[list[str], np.ndarray]:
    tracks, sources = half.sources(step)
    members = steps.transformed(
        *(step["kind"], step["settings"], sources, [half.seed], exact_up_to),
        tracks=tracks,
        level=step["level"],
    )
    return tracks.index.to_list(), first(members)


def _networks(
    step: dict, sample: list[Half], catalogue: pd.DataFrame, exact_up_to: int, device: str
) -> list[tuple[list[str], np.ndarray]]:
    """Train a network on each half: as one ensemble, as far as memory and equal sizes allow."""
    tasks = []
    for half in sample:
        tracks, sources = half.sources(step)
        settings = step["kind"], step["settings"], [half.seed], sources, tracks
        tasks.append(networks.task(*settings, exact_up_to, device, collection=catalogue))
    latents: dict[int, np.ndarray] = {}
    # Spaces that lack some tracks have halves of several sizes.
    for shape in {task.x.shape for task in tasks}:
        places = [place for place, task in enumerate(tasks) if task.x.shape == shape]
        many = max(1, AT_ONCE // int(np.prod(shape)))
        for start in range(0, len(places), many):
            some = places[start : start + many]
            latents |= zip(some, encoded_together([tasks[p] for p in some]), strict=True)
    return [(task.ids, latents[place]) for place, task in enumerate(tasks)]


def _cluster(half: Half, genres: pd.Series, chosen: dict, params) -> Iterator[dict]:
    """Yield the clusters of every method on a half, and baselines cut at the numbers found."""
    methods = {method["name"]: method for method in map(json.loads, params.methods)}
    made: dict[str, set[int]] = {}
    found: set[int] = set()
    for name, method in methods.items():
        ks = [None]
        if kinds.declared("clusterers", method["clusterer"], "NEEDS_K"):
            ks = steps.numbers(params.k, genres, chosen.get(method["space"]))
        made[name] = set(ks)
        for rows in _clusters(half, method, ks, params.exact_up_to):
            # Noise is one more cluster.
            found.add(rows["k"] or len(np.unique(rows["cluster"])))
            yield rows
    for name in params.baselines:
        yield from _clusters(half, methods[name], sorted(found - made[name]), params.exact_up_to)


def _clusters(half: Half, method: dict, ks: list, exact_up_to: int) -> Iterator[dict]:
    """Cluster a half by a method, as `steps.clustered` does."""
    ids, members = half.spaces[method["space"]]
    tracks = half.tracks.loc[ids]
    return steps.clustered(method, first(members), ks, half.seed, exact_up_to, tracks)


if __name__ == "__main__":
    job.run(main, snakemake)
