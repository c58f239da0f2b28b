"""Find the true neighbours of tracks on every map, and measure how far the map shows them."""

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
        ids, members = job.read_common([paths[space] for space in (name, *parents.split())])
        y, *sources = map(job.first, members)
        if y.shape[1] != 2:
            continue
        measured = trustworthiness.surroundings(np.hstack(sources) if sources else y, y)
        near = np.array(ids, dtype=object)[measured.nearest]
        columns = {"map": name, "id": ids, "trust": measured.trust, "neighbours": list(near)}
        tables.append(pd.DataFrame(columns))
        logger.info("%s: trustworthiness %.3f", name, measured.trust.mean())
    job.write_joined(tables, "maps", snakemake.output.maps)


if __name__ == "__main__":
    job.run(main, snakemake)
