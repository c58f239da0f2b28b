"""Join a run's tracks and new ones to one collection, for a page that shows both."""

import numpy as np
import pandas as pd

from hybridmusic.clusterings.table import member_rows
from shared import job


def main(snakemake) -> None:
    inputs, output, params = snakemake.input, snakemake.output, snakemake.params
    known = set(job.read_table(inputs.catalogue)["id"])
    for name in ("catalogue", "features", "sentences"):
        old, new = job.read_table(inputs[name]), job.read_table(inputs[f"new_{name}"])
        both = pd.concat([old, only_new(new, known)], ignore_index=True)
        job.write_table(both, name, output[name])
    placed = dict(tuple(job.read_table(inputs.placed).groupby("space")))
    for name, path, joined in zip(params.spaces, inputs.spaces, output.spaces, strict=True):
        ids, members = job.read_space(path)
        seed, x = next(iter(members.items()))
        if name in placed:
            new = only_new(placed[name], known)
            if len(new):
                ids, x = ids + new["id"].to_list(), np.vstack([x, np.stack(new["vector"])])
        job.write_space(ids, {seed: x}, joined)
    assigned = dict(tuple(pd.read_csv(inputs.assigned).astype({"k": "Int64"}).groupby("method")))
    clusterings = job.read_tables(params.methods, inputs.clusterings)
    for (name, table), joined in zip(clusterings.items(), output.clusterings, strict=True):
        tables = [member_rows(table, params.k).astype({"k": "Int64"})]
        if name in assigned:
            tables.append(only_new(assigned[name], known)[["id", "seed", "k", "cluster"]])
        job.write_joined(tables, "clustering", joined)


def only_new(table: pd.DataFrame, known: set[str]) -> pd.DataFrame:
    """Drop rows whose ids the run has, because a manifest may reuse names of the run's tracks."""
    return table[~table["id"].isin(known)]


if __name__ == "__main__":
    job.run(main, snakemake)
