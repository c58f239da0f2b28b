"""Estimate interval, chance level and difference from baselines of every agreement with genre."""

import logging

import numpy as np
import pandas as pd

from hybridmusic.evaluation import uncertainty
from hybridmusic.evaluation.stability import stability
from hybridmusic.tracks import songs
from shared import job

logger = logging.getLogger(__name__)

# Halves that are compared pair by pair: of every split one, because both have no track in common.
COMPARED = range(0, 20, 2)


def main(snakemake) -> None:
    inputs, params = snakemake.input, snakemake.params
    catalogue = job.read_table(inputs.catalogue).set_index("id")
    clusterings = job.read_tables(params.methods, inputs.clusterings)
    clusterings = songs.all_scored(clusterings, catalogue["song"], params.levels)
    refits = _by_method(job.read_joined(inputs.halves))
    cuts = _by_method(job.read_table(inputs.cut)) if inputs.cut else {}
    table = pd.DataFrame(columns=["metric"])
    if catalogue["genre"].nunique() > 1:
        tracks = uncertainty.Labelled.of(catalogue, params.halves, params.permutations, params.seed)
        scores = uncertainty.Scores(tracks, clusterings, refits, cuts)
        table = uncertainty.compare(scores, params.baselines, params.given, params.seed)
    else:
        logger.warning("fewer than two genres: agreement with genre is left out")
    for row in table[table["metric"] == "nmi"].itertuples():
        logger.info(
            "%s, k %s: NMI %.4f [%.4f, %.4f], by chance %.4f, p %.3f",
            *(row.method, row.k, row.value, row.low, row.high, row.chance, row.p),
        )
    job.write_rows(table, "uncertainty", snakemake.output.uncertainty)

    rows = []
    for name in params.methods:
        some = refits.get(name, pd.DataFrame(columns=["half", "k", "id", "cluster"]))
        some = some[some["half"].isin(COMPARED)]
        for k, of_k in clusterings[name].groupby("k", dropna=False, sort=False):
            halves = some[some["k"].isna() if pd.isna(k) else some["k"] == k]
            rows.append(
                (name, k, stability(_pairs(of_k, "seed")), stability(_pairs(halves, "half")))
            )
    job.write_rows(rows, "stability", snakemake.output.stability)


def _by_method(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return dict(list(table.groupby("method")))


def _pairs(table: pd.DataFrame, by: str) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(group["id"].to_numpy(), group["cluster"].to_numpy()) for _, group in table.groupby(by)]


if __name__ == "__main__":
    job.run(main, snakemake)
