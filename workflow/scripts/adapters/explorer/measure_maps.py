"""Measure every map: who is near in the space that it was made from, and how far it tells so."""

import logging

import numpy as np
import pandas as pd

from hybridmusic.evaluation import trustworthiness
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    paths = dict(zip(params.spaces, snakemake.input.spaces, strict=True))
    tables = []
    for name, parents in zip(params.spaces, params.parents, strict=True):
        ids, (y, *of) = first_members([paths[one] for one in (name, *parents.split())])
        if y.shape[1] != 2:
            continue
        found = trustworthiness.surroundings(np.hstack(of) if of else y, y)
        near = np.array(ids, dtype=object)[found.nearest]
        tables.append(
            pd.DataFrame({"map": name, "id": ids, "trust": found.trust, "neighbours": list(near)})
        )
        logger.info("%s: trustworthiness %.3f", name, found.trust.mean())
    columns = list(job.table_schemas()["maps"])
    table = pd.concat(tables) if tables else pd.DataFrame(columns=columns)
    job.write_table(table, "maps", snakemake.output.maps)


def first_members(paths: list[str]) -> tuple[list[str], list[np.ndarray]]:
    """The ids that all of several spaces have, and their vectors of each space's first seed."""
    ids, members = job.read_common(paths)
    return ids, [next(iter(of.values())) for of in members]


if __name__ == "__main__":
    job.run(main, snakemake)
