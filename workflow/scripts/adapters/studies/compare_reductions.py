"""Compare clusterings of reduced spaces with those of the same spaces as they are."""

import logging

from hybridmusic.studies import reduction_effect as effect
from hybridmusic.tracks.conditions import effective
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params, output = snakemake.params, snakemake.output
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    scores, changes = [], []
    if catalogue["genre"].nunique() > 1:
        clusterings = job.read_tables(params.spaces, snakemake.input.clusterings)
        measured = effect.measure(clusterings, catalogue, params.resamples, params.seed)
        saw = [
            space
            for space, condition in zip(params.spaces, params.conditions, strict=True)
            if effective(condition, catalogue) == "genre"
        ]
        scores = [effect.scores(measured)]
        changes = effect.changes(measured, saw)
    else:
        logger.warning("fewer than two genres: agreement with genre is left out")
    job.write_joined(scores, "reduction", output.scores)
    job.write_rows(changes, "reduction_changes", output.changes)


if __name__ == "__main__":
    job.run(main, snakemake)
