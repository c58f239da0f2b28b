"""Embed every distinct sentence once."""

import logging

import numpy as np
import pandas as pd
import torch

from hybridmusic.text.embedding import embed
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    torch.set_num_threads(snakemake.threads)
    distinct = sorted(job.read_table(snakemake.input.sentences)["sentence"].unique())
    fetched = snakemake.input.model
    folder = fetched.removesuffix(".json") if fetched else snakemake.params.model
    vectors = embed(distinct, folder)
    n_vectors = len(np.unique(vectors, axis=0))
    logger.info("%d sentences, %d dimensions", *vectors.shape)
    if n_vectors < len(distinct):
        logger.warning(
            "%d distinct sentences have only %d distinct embeddings: check that the model %r "
            "supports their language",
            len(distinct),
            n_vectors,
            snakemake.params.model,
        )
    table = pd.DataFrame({"sentence": distinct, "vector": list(vectors)})
    job.write_table(table, "embeddings", snakemake.output.embeddings)


if __name__ == "__main__":
    job.run(main, snakemake)
