"""Place new tracks in every space of a run that a method clusters, as the run made the space."""

import json
import logging
from pathlib import Path

import numpy as np
import pandas as pd
from safetensors.torch import load

from hybridmusic.clusterings import placement
from shared import devices, job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    devices.prepare(snakemake.threads)
    inputs, params = snakemake.input, snakemake.params
    old, new = read_tables(inputs, params.sets)
    ids = new["features"]["id"].to_list()
    catalogues = [tables["catalogue"].set_index("id") for tables in (old, new)]
    models = zip(inputs.settings, inputs.weights, strict=True)
    networks = dict(zip(params.encoders, models, strict=True))

    spaces, placed = {}, {}
    for line, path in zip(params.steps, inputs.spaces, strict=True):
        step = json.loads(line)
        name = step["name"]
        spaces[name] = job.read_space(path)
        parents = [placed.get(parent) for parent in step["of"]]
        if step["family"] == "blocks":
            vectors = placement.in_block(step, old, new)
        elif any(x is None for x in parents):
            vectors = None
        elif step["family"] == "networks":
            described, weights = (Path(file).read_bytes() for file in networks[name])
            network = json.loads(described), load(weights)
            vectors = placement.in_network(*network, np.hstack(parents), catalogues[1].loc[ids])
        else:
            names, members = spaces[name]
            known = [job.vectors_of(names, spaces[parent]) for parent in step["of"]]
            tracks = catalogues[0].loc[names], catalogues[1].loc[ids]
            vectors = placement.in_transform(step, known, parents, job.first(members), tracks)
        if vectors is None:
            logger.warning("%s: cannot place new tracks, so its methods assign no clusters", name)
            continue
        placed[name] = np.asarray(vectors, dtype=np.float32)
        logger.info("%s: %d tracks, %d dimensions", name, *placed[name].shape)
    tables = [pd.DataFrame({"space": n, "id": ids, "vector": list(x)}) for n, x in placed.items()]
    job.write_joined(tables, "placed", snakemake.output.placed)


def read_tables(inputs, sets: list[str]) -> tuple[dict, dict]:
    """Read the tables of the run and of the new tracks by name, and descriptors by set."""
    old, new = {}, {}
    for name in ("catalogue", "features", "sentences", "embeddings"):
        if inputs[f"new_{name}"] and inputs[name]:
            old[name], new[name] = (job.read_table(inputs[key]) for key in (name, f"new_{name}"))
    for tables, paths in ((old, inputs.descriptors), (new, inputs.new_descriptors)):
        tables["descriptors"] = job.read_tables(sets, paths)
    # Blocks report tracks without descriptors, so those get rows of missing values.
    new["descriptors"] = {
        name: table.set_index("id").reindex(new["features"]["id"].to_list()).reset_index()
        for name, table in new["descriptors"].items()
    }
    return old, new


if __name__ == "__main__":
    job.run(main, snakemake)
