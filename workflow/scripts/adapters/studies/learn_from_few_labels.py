"""Train a VAE with the genres of few songs, for every share of them, and score it on others."""

import logging

import pandas as pd

from hybridmusic.studies import few_labels
from hybridmusic.tables.few_labels import NOTHING
from shared import job, networks

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    task = networks.task_of(snakemake)
    found = few_labels.learn(
        *(task.x, task.songs, task.genres, list(params.shares), task.seeds, task.settings),
        held_out=params.held_out,
        resamples=params.resamples,
        device=task.device,
    )
    if found.empty:
        logger.warning("%s", NOTHING)
    columns = list(job.table_schemas()["few_labels"])
    job.write_table(pd.DataFrame(found, columns=columns), "few_labels", snakemake.output.scores)


if __name__ == "__main__":
    job.run(main, snakemake)
