"""Train a VAE with the genres of few songs, for each share, and score it on held-out songs."""

import logging

from hybridmusic.studies import few_labels
from shared import job, networks

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    task = networks.task_of(snakemake)
    scores = few_labels.learn(
        *(task.x, task.units, task.genres, list(params.shares), task.seeds, task.settings),
        held_out=params.held_out,
        resamples=params.resamples,
        device=task.device,
    )
    if scores.empty:
        logger.warning("there are no two genres with held-out songs: nothing to learn and score")
    job.write_rows(scores, "few_labels", snakemake.output.scores)


if __name__ == "__main__":
    job.run(main, snakemake)
