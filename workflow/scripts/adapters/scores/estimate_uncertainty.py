"""Estimate the interval over songs, chance level and baseline of every agreement with genre."""

import logging

import numpy as np
import pandas as pd

from hybridmusic.evaluation import uncertainty
from hybridmusic.evaluation.stability import stability
from hybridmusic.tracks import songs
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    clusterings = job.read_tables(params.methods, snakemake.input.clusterings)
    clusterings = songs.all_scored(clusterings, catalogue["song"], params.levels)
    table = pd.DataFrame(columns=["metric"])
    if catalogue["genre"].nunique() > 1:
        draws = uncertainty.Draws(catalogue, params.resamples, params.permutations, params.seed)
        table = uncertainty.compare(clusterings, params.baselines, draws)
    else:
        logger.warning("fewer than two genres: agreement with genre is left out")
    for row in table[table["metric"] == "nmi"].itertuples():
        logger.info(
            "%s, k %s: NMI %.4f [%.4f, %.4f], by chance %.4f, p %.3f",
            *(row.method, row.k, row.value, row.low, row.high, row.chance, row.p),
        )
    job.write_rows(table, "uncertainty", snakemake.output.uncertainty)

    rows = []
    for name, path in zip(params.methods, snakemake.input.resampled, strict=True):
        over_songs = stability(_pairs(job.read_table(path), "resample"))
        for k, of_k in clusterings[name].groupby("k", dropna=False, sort=False):
            rows.append((name, k, stability(_pairs(of_k, "seed")), over_songs))
            over_songs = np.nan  # resamples were clustered for the first k only
    job.write_rows(rows, "stability", snakemake.output.stability)


def _pairs(table: pd.DataFrame, by: str) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(group["id"].to_numpy(), group["cluster"].to_numpy()) for _, group in table.groupby(by)]


if __name__ == "__main__":
    job.run(main, snakemake)
