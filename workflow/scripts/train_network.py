"""Train a network for all seeds, and encode and reconstruct every track with it."""

import json
import logging

from safetensors.torch import save

import job
import learning
from hybridmusic import training

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    task = learning.task_of(snakemake)
    output = snakemake.output
    network, history = learning.trained(task)
    encoded = training.encode(network, task.x, task.condition)
    job.write_space(task.ids, dict(zip(task.seeds, encoded.latent, strict=True)), output.space)
    # Figure 2 shows the first seed; one is enough, for reconstructions are as large as the input.
    first = {task.seeds[0]: encoded.reconstruction[0]}
    job.write_space(task.ids, first, output.reconstructions)
    job.write_table(history, "history", output.history)
    weights = {name: weight.cpu() for name, weight in network.state_dict().items()}
    with job.whole(output.weights) as beside:
        beside.write_bytes(save(weights))
    job.write_text(json.dumps(learning.described(task), indent=2) + "\n", output.settings)


if __name__ == "__main__":
    job.run(main, snakemake)
