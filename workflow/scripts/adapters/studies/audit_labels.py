"""Compute every step again with shuffled genres, and compare with what the run has made."""

import json
import logging
import tempfile
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from adapters.clusterings import cluster_space
from adapters.spaces import find_neighbours, train_network, transform_space
from adapters.studies import choose_k
from adapters.text import write_sentences
from hybridmusic.errors import LeakError
from hybridmusic.studies import audit
from shared import job

logger = logging.getLogger(__name__)

ADAPTERS = {
    "sentences": write_sentences,
    "transforms": transform_space,
    "networks": train_network,
    "neighbours": find_neighbours,
    "choosing_k": choose_k,
    "clusterers": cluster_space,
}
# What each adapter writes; the first is what is compared.
OUTPUTS = {
    "sentences": ("sentences",),
    "transforms": ("space",),
    "networks": ("space", "weights", "settings", "history", "reconstructions"),
    "neighbours": ("neighbours",),
    "choosing_k": ("choice", "distances"),
    "clusterers": ("clustering", "resampled"),
}
# Adapters whose rules give settings one by one, not as a line of text.
SET_BY_NAME = ("sentences", "neighbours")
COMPARED = {True: "computed again", False: "handed no labels"}
# Whatever a network does with labels it does from its first step on.
EPOCHS = 2
SPLITS = 2  # likewise, of songs into halves


class Fields(dict):
    """What a rule gives a script under one name: fields by name or attribute."""

    __getattr__ = dict.__getitem__


def main(snakemake) -> None:
    params, output = snakemake.params, snakemake.output
    real, shuffled = snakemake.input.catalogue, output.permuted
    catalogue = job.read_table(real)
    job.write_table(audit.permuted(catalogue, params.seed), "catalogue", shuffled)
    steps = [json.loads(step) for step in params.steps]
    if catalogue["genre"].nunique() < 2:
        logger.warning("fewer than two genres: there is nothing to audit")
        steps = []
    keys = [(step["noun"], step["name"]) for step in steps]
    differs, paths = {}, dict(zip(keys, snakemake.input.made[: len(keys)], strict=True))
    for key, step in zip(keys, steps, strict=True):
        differs[key] = False
        if step["sees"]:
            sources = defaultdict(list)
            for noun, name in step["of"]:
                sources[noun].append(paths[noun, name])
            found = again(step, sources, shuffled, snakemake)
            made = first_seed(paths[key], params.seed)
            # Another machine may round otherwise than the one that made it.
            differs[key] = not found.equals(made) and not found.equals(
                again(step, sources, real, snakemake)
            )
    of = {key: [tuple(p) for p in step["of"]] for key, step in zip(keys, steps, strict=True)}
    rows = [
        (name, noun, step["claims"], COMPARED[bool(step["sees"])], is_reached)
        for ((noun, name), is_reached), step in zip(
            audit.reached(differs, of).items(), steps, strict=True
        )
    ]
    table = pd.DataFrame(rows, columns=list(job.table_schemas()["audit"]))
    table = table.astype({"differs": bool})
    verdict = audit.verdicts(table)[0]
    if audit.leaks(table):
        if params.policy == "strict":
            raise LeakError(f"{verdict.rstrip('.')} (audit: warn would go on)")
        logger.warning("%s", verdict)
    else:
        logger.info("%s", verdict)
    job.write_table(table, "audit", output.audit)


def again(step: dict, sources: dict[str, list], catalogue: str, snakemake) -> pa.Table:
    """What the step's own adapter makes of `sources`, by noun, and the labels of `catalogue`."""
    params, family = snakemake.params, step["family"]
    settings = step["settings"]
    if family == "networks":
        settings = settings | {"epochs": min(settings["epochs"], EPOCHS)}
    with tempfile.TemporaryDirectory() as folder:
        spaces, names = sources.get("space", []), OUTPUTS[family]
        if family == "networks" and len(spaces) > 1:
            names += ("attention",)
        paths = Fields({name: str(Path(folder) / f"{name}.parquet") for name in names})
        ADAPTERS[family].main(
            SimpleNamespace(
                input=Fields(
                    features=snakemake.input.features,
                    culture=snakemake.input.culture,
                    space=spaces if family == "networks" else next(iter(spaces), None),
                    spaces=spaces,
                    graph=next(iter(sources.get("graph", [])), None),
                    choice=next(iter(sources.get("choice of k", [])), None),
                    catalogue=catalogue,
                ),
                output=paths,
                params=Fields(
                    **settings if family in SET_BY_NAME else {"settings": json.dumps(settings)},
                    kind=step["kind"],
                    clusterer=step["kind"],
                    method=step["name"],
                    parents=[name for noun, name in step["of"] if noun == "space"],
                    k=params.k,
                    seeds=[params.seed],
                    exact_up_to=params.exact_up_to,
                    space=step["name"],
                    level=step.get("level"),
                    candidates=settings.get("candidates", []),
                    subsamples=SPLITS if family == "choosing_k" else 0,
                ),
                threads=snakemake.threads,
                resources={},
            )
        )
        return first_seed(paths[names[0]], params.seed)


def first_seed(path: str, seed: int) -> pa.Table:
    """The rows of a table for one seed, or all of a table without seeds."""
    table = pq.read_table(path)
    if "seed" in table.column_names:
        table = table.filter(pc.equal(table["seed"], seed))
    return table.combine_chunks()


if __name__ == "__main__":
    job.run(main, snakemake)
