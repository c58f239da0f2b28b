"""Train a network without a share of the songs, and measure how well it reconstructs them."""

import numpy as np
import pandas as pd

from hybridmusic.training import loop
from hybridmusic.training.held_out import split_units, squared_error
from hybridmusic.training.tasks import trained
from shared import job, networks


def main(snakemake) -> None:
    task = networks.task_of(snakemake)
    held_out = split_units(task.units, snakemake.params.share, task.seeds[0])
    network, _ = trained(task, ~held_out)
    mean = task.x[:, ~held_out].mean(axis=1, keepdims=True)
    rows = []
    for part, chosen in (("training", ~held_out), ("held_out", held_out)):
        x = task.x[:, chosen]
        encoded = loop.encode(network, x, task.condition[chosen])
        rows.append(
            {
                "seed": task.seeds,
                "part": part,
                "n_tracks": int(chosen.sum()),
                "n_songs": len(set(np.array(task.songs)[chosen])),
                "reconstruction": squared_error(x, encoded.reconstruction),
                "mean_prediction": squared_error(x, mean).repeat(len(task.seeds) // len(x)),
                "kl": encoded.kl.mean(axis=1),
                "active_units": encoded.active_units(),
                "informative_units": encoded.informative_units(),
            }
        )
    job.write_joined(list(map(pd.DataFrame, rows)), "held_out", snakemake.output.table)


if __name__ == "__main__":
    job.run(main, snakemake)
