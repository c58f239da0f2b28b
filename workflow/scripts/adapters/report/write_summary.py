"""Write the verdicts of a run's tables as its summary."""

import json
from pathlib import Path

import pandas as pd

from hybridmusic.reports import summary
from shared import job


def main(snakemake) -> None:
    inputs, output = snakemake.input, snakemake.output
    catalogue = job.read_table(inputs.catalogue)
    described = job.read_table(inputs.features)["id"]
    rejected = len(pd.read_csv(inputs.rejected))
    ignored = pd.read_csv(inputs.ignored).groupby("reason")["files"].sum().to_dict()
    parts = summary.summary(
        summary.collection(catalogue[catalogue["id"].isin(described)], rejected, ignored),
        [json.loads(Path(path).read_text(encoding="utf-8")) for path in inputs.words],
    )
    job.write_text(summary.to_markdown(f"Run {snakemake.params.run}", parts), output.md)
    job.write_text(summary.to_rst(parts), output.rst)


if __name__ == "__main__":
    job.run(main, snakemake)
