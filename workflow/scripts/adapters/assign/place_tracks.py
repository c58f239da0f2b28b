"""Place new tracks in every space of a run that a method clusters, as the run made it."""

import json
import logging
from pathlib import Path

import numpy as np
import pandas as pd
from safetensors.torch import load

from hybridmusic import kinds
from hybridmusic.clusterings import assignment
from hybridmusic.training import loop
from hybridmusic.training.labels import one_hot
from shared import devices, job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    devices.prepare(snakemake.threads)
    inputs, params = snakemake.input, snakemake.params
    old, new = {}, {}
    for name in ("catalogue", "features", "sentences", "embeddings"):
        if inputs[f"new_{name}"] and inputs[name]:
            old[name], new[name] = (job.read_table(inputs[key]) for key in (name, f"new_{name}"))
    ids = new["features"]["id"].to_list()
    for tables, paths in ((old, inputs.descriptors), (new, inputs.new_descriptors)):
        read = map(job.read_table, paths)
        tables["descriptors"] = dict(zip(params.sets, read, strict=True))
    # What a set does not tell of a new track is for the block to miss.
    new["descriptors"] = {
        name: table.set_index("id").reindex(ids).reset_index()
        for name, table in new["descriptors"].items()
    }
    catalogues = [table["catalogue"].set_index("id") for table in (old, new)]
    models = zip(inputs.settings, inputs.weights, strict=True)
    networks = dict(zip(params.encoders, models, strict=True))

    spaces, placed = {}, {}
    for line, path in zip(params.steps, inputs.spaces, strict=True):
        step = json.loads(line)
        name = step["name"]
        spaces[name] = job.read_space(path)
        if step["family"] == "blocks":
            found = place_by_block(step, old, new)
        elif not set(step["of"]) <= set(placed):
            found = None
        else:
            given = [placed[parent] for parent in step["of"]]
            tracks = [
                catalogue.loc[names]
                for catalogue, names in zip(catalogues, (spaces[name][0], ids), strict=True)
            ]
            if step["family"] == "networks":
                found = place_by_network(*networks[name], np.hstack(given), tracks[1])
            else:
                found = place_by_transform(step, spaces, given, tracks)
        if found is None:
            logger.warning("%s: new tracks have no place in it, nor its methods a cluster", name)
            continue
        placed[name] = np.asarray(found, dtype=np.float32)
        logger.info("%s: %d tracks, %d dimensions", name, *placed[name].shape)
    tables = [pd.DataFrame({"space": n, "id": ids, "vector": list(x)}) for n, x in placed.items()]
    columns = list(job.table_schemas()["placed"])
    table = pd.concat(tables) if tables else pd.DataFrame(columns=columns)
    job.write_table(table, "placed", snakemake.output.placed)


def place_by_block(step: dict, old: dict, new: dict) -> np.ndarray | None:
    """New tracks' vectors in a block, or None where it cannot tell them."""
    module = kinds.load("blocks", step["kind"])
    if not hasattr(module, "place"):
        return None
    settings = dict(step["settings"])
    sets = settings.pop("sets", None)
    tables = []
    for read in (old, new):
        tables.append({name: read[name] for name in module.READS})
        if sets is not None:
            tables[-1]["descriptors"] = {name: read["descriptors"][name] for name in sets}
    return module.place(*tables, **settings)


def place_by_transform(
    step: dict, spaces: dict, given: list[np.ndarray], tracks: list[pd.DataFrame]
) -> np.ndarray:
    """New tracks' vectors, from those `given` of each parent; `tracks` are the old and the new."""
    module = kinds.load("transforms", step["kind"])
    ids, members = spaces[step["name"]]
    known = [job.vectors_of(ids, spaces[parent], first(spaces[parent])) for parent in step["of"]]
    if not hasattr(module, "place"):
        return assignment.between(np.hstack(known), np.hstack(given), next(iter(members.values())))
    labels = {
        column: tuple(table[column].to_numpy() for table in tracks) for column in module.NEEDS
    }
    old, new = (known, given) if module.SEVERAL else (known[0], given[0])
    return module.place(old, new, **labels, **step["settings"])


def place_by_network(settings: str, weights: str, x: np.ndarray, tracks: pd.DataFrame):
    """New tracks' latent means by the first seed's network, told what it was told of the old."""
    described = json.loads(Path(settings).read_text(encoding="utf-8"))
    network = loop.restored(described, load(Path(weights).read_bytes()))
    told = described["conditioned_on"]
    labels = [None] * len(tracks) if told == "none" else tracks[told].to_list()
    return loop.encode(network, x, one_hot(labels, described["classes"])).latent[0]


def first(space: tuple[list[str], dict[int, np.ndarray]]) -> int:
    """The first seed of a space."""
    return next(iter(space[1]))


if __name__ == "__main__":
    job.run(main, snakemake)
