"""Train a grid of networks of one latent size, and score each on held-out songs."""

import logging

import numpy as np
import pandas as pd

from hybridmusic.studies import tuning
from hybridmusic.training.held_out import split_units
from shared import job, networks

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    task = networks.task_of(snakemake)
    # One split for all seeds, so that they differ only in training and not in the songs.
    held_out = split_units(task.units, params.share, task.seeds[0])
    genres = np.array(task.genres, dtype=object)
    grid = tuning.members(params.learning_rates, params.betas, task.seeds)
    logger.info("%d networks, %d of %d tracks held out", len(grid), held_out.sum(), len(held_out))
    x = task.x if len(task.x) == 1 else task.x[[task.seeds.index(seed) for seed in grid["seed"]]]
    plateau = _plateau(np.array(task.units)[held_out], params.plateau_epochs, task.seeds[0])
    settings = (task.settings, params.k, task.device, plateau)
    table = tuning.tune(grid, x, held_out, genres, *settings)
    if table["nmi"].isna().all():
        logger.warning(
            "agreement with genre is left out: %d held-out tracks of %d genres for %d clusters",
            *(held_out.sum(), pd.Series(genres[held_out]).nunique(), params.k),
        )
    job.write_table(table, "tuning", snakemake.output.table)


def _plateau(units: np.ndarray, epochs: int | None, seed: int) -> tuple[np.ndarray, int] | None:
    """Split the held-out units into those that decide when to stop and those that are scored."""
    if epochs is None:
        return None
    if len(set(units)) < 2:
        logger.warning("training to a plateau is left out: it needs two held-out songs or artists")
        return None
    return split_units(list(units), 0.5, seed), epochs


if __name__ == "__main__":
    job.run(main, snakemake)
