"""Compute every step again with shuffled genres, and compare with the results of the run."""

import json
import logging
import tempfile
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

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
# Files that each adapter writes. The first is compared.
OUTPUTS = {
    "sentences": ("sentences",),
    "transforms": ("space",),
    "networks": ("space", "weights", "settings", "history", "reconstructions"),
    "neighbours": ("neighbours",),
    "choosing_k": ("choice", "distances"),
    "clusterers": ("clustering",),
}
# Families whose rules pass each setting as a parameter, not all as a line of text.
SET_BY_NAME = ("sentences", "neighbours")


class Fields(dict):
    """Files or parameters of a rule, by name or attribute."""

    __getattr__ = dict.__getitem__


def main(snakemake) -> None:
    params, output = snakemake.params, snakemake.output
    catalogue = job.read_table(snakemake.input.catalogue)
    job.write_table(audit.permuted(catalogue, params.seed), "catalogue", output.permuted)
    steps = [json.loads(step) for step in params.steps]
    if catalogue["genre"].nunique() < 2:
        logger.warning("fewer than two genres: there is nothing to audit")
        steps = []
    made = snakemake.input.made[: len(steps)]
    files = dict(zip(map(audit.key, steps), made, strict=True))
    differs = {audit.key(step): _differs(step, files, snakemake) for step in steps}
    table = audit.audited(steps, differs)
    if leaks := ", ".join(audit.leaks(table)):
        message = f"results that depend on genre without declaring it: {leaks}"
        if params.policy == "strict":
            raise LeakError(f"{message}; set `audit: warn` to continue with a warning")
        logger.warning("%s", message)
    else:
        logger.info("no label leakage: only results that declare genre depend on it")
    job.write_table(table, "audit", output.audit)


def _differs(step: dict, files: dict, snakemake) -> bool:
    """Return whether a step's result changes with the genres that it reads."""
    if not step["sees"]:
        return False
    sources = defaultdict(list)
    for noun, name in step["of"]:
        sources[noun].append(files[noun, name])
    shuffled = again(step, sources, snakemake.output.permuted, snakemake)
    if shuffled.equals(first_seed(files[audit.key(step)], snakemake.params.seed)):
        return False
    # Another machine may have made the result of the run, and round differently from this one.
    return not shuffled.equals(again(step, sources, snakemake.input.catalogue, snakemake))


def again(step: dict, sources: dict[str, list], catalogue: str, snakemake) -> pa.Table:
    """Compute a step again by its own adapter, from its sources, files by noun, and a catalogue."""
    spaces, names = sources.get("space", []), OUTPUTS[step["family"]]
    is_network = step["family"] == "networks"
    if is_network and len(spaces) > 1:
        names += ("attention",)
    inputs = Fields(
        features=snakemake.input.features,
        culture=snakemake.input.culture,
        space=spaces if is_network else next(iter(spaces), None),
        spaces=spaces,
        graph=next(iter(sources.get("graph", [])), None),
        choice=next(iter(sources.get("choice of k", [])), None),
        catalogue=catalogue,
    )
    with tempfile.TemporaryDirectory() as folder:
        outputs = Fields({name: str(Path(folder) / f"{name}.parquet") for name in names})
        fields = {"input": inputs, "output": outputs, "params": _params(step, snakemake.params)}
        fields |= {"threads": snakemake.threads, "resources": {}}
        ADAPTERS[step["family"]].main(SimpleNamespace(**fields))
        return first_seed(outputs[names[0]], snakemake.params.seed)


def _params(step: dict, params) -> Fields:
    """Return the parameters that the rule of a step gives its adapter, for the first seed alone."""
    family, settings = step["family"], audit.shortened(step)
    return Fields(
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
        subsamples=audit.SPLITS,
    )


def first_seed(path: str, seed: int) -> pa.Table:
    """Return the rows of a table for one seed, or all rows of a table without seeds."""
    table = pq.read_table(path)
    if "seed" in table.column_names:
        table = table.filter(pc.equal(table["seed"], seed))
    return table.combine_chunks()


if __name__ == "__main__":
    job.run(main, snakemake)
