"""Compare clusterings of reduced spaces with those of the same spaces as they are."""

import logging

import pandas as pd

from hybridmusic.studies import reduction_effect as effect
from hybridmusic.tracks.conditions import effective
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params, output = snakemake.params, snakemake.output
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    schemas = job.table_schemas()
    scores = pd.DataFrame(columns=schemas["reduction"])
    changes = pd.DataFrame(columns=schemas["reduction_changes"])
    if catalogue["genre"].nunique() > 1:
        paths = zip(params.spaces, snakemake.input.clusterings, strict=True)
        clusterings = {space: job.read_table(path) for space, path in paths}
        measured = effect.measure(clusterings, catalogue, params.resamples, params.seed)
        saw = [
            space
            for space, condition in zip(params.spaces, params.conditions, strict=True)
            if effective(condition, catalogue) == "genre"
        ]
        scores = effect.scores(measured)
        changes = effect.changes(measured, saw).reindex(columns=changes.columns)
    else:
        logger.warning("fewer than two genres: agreement with genre is left out")
    job.write_table(scores, "reduction", output.scores)
    job.write_table(changes, "reduction_changes", output.changes)


if __name__ == "__main__":
    job.run(main, snakemake)
