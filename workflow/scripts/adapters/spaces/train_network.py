"""Train a network for all seeds, and encode and reconstruct every track with it."""

import json
import logging

import numpy as np
import pandas as pd
from safetensors.torch import save

from hybridmusic.training import loop
from hybridmusic.training.tasks import Task, described, trained
from shared import job, networks

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    task = networks.task_of(snakemake)
    output = snakemake.output
    network, history = trained(task)
    encoded = loop.encode(network, task.x, task.condition)
    job.write_space(task.ids, dict(zip(task.seeds, encoded.latent, strict=True)), output.space)
    # Figure 2 shows the first seed; others are not kept, because each is as large as the input.
    first = {task.seeds[0]: encoded.reconstruction[0]}
    job.write_space(task.ids, first, output.reconstructions)
    job.write_table(history, "history", output.history)
    if attention := output.get("attention"):
        job.write_table(_weights(network, task, snakemake.params.parents), "attention", attention)
    weights = {name: weight.cpu() for name, weight in network.state_dict().items()}
    with job.whole(output.weights) as beside:
        beside.write_bytes(save(weights))
    job.write_text(json.dumps(described(task), indent=2) + "\n", output.settings)


def _weights(network, task: Task, parents: list[str]) -> pd.DataFrame:
    """Return the attention to each parent, one row per seed, track and parent."""
    attention = loop.attention(network, task.x)
    for parent, weights in zip(parents, attention.mean(axis=1).T, strict=True):
        logger.info("mean attention to %s: %s", parent, np.round(weights, 3))
    index = pd.MultiIndex.from_product(
        [task.seeds, task.ids, parents], names=["seed", "id", "parent"]
    )
    return pd.DataFrame({"weight": attention.ravel()}, index=index).reset_index()


if __name__ == "__main__":
    job.run(main, snakemake)
