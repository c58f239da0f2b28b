"""Measure the disentanglement of every network, by MIG, SAP and DCI."""

import logging

from hybridmusic.spaces.members import vectors_of
from hybridmusic.studies import disentanglement
from shared import job

logger = logging.getLogger(__name__)

FEATURES = ["tempo", "energy", "brightness", "rhythm"]
LABELS = ["language", "genre"]


def main(snakemake) -> None:
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    features = job.read_table(snakemake.input.features).set_index("id")
    tracks = catalogue.loc[features.index]
    factors = {disentanglement.MEASURED: features[FEATURES].join(tracks[LABELS])}
    if snakemake.input.factors:
        true = job.read_table(snakemake.input.factors).set_index("file_path").drop(columns="song")
        factors[disentanglement.TRUE] = true.loc[tracks["file_path"]].set_index(tracks.index)
    rows = []
    for kind, table in factors.items():
        complete = disentanglement.known_factors(table)
        if len(complete) < len(table):
            logger.warning("%d tracks lack a factor and are left out", len(table) - len(complete))
        for name, path in zip(snakemake.params.networks, snakemake.input.spaces, strict=True):
            space = job.read_space(path)
            known = complete.loc[complete.index.isin(space[0])]
            units = tracks.loc[known.index, "unit"]
            if units.nunique() < 2 or known.empty:
                continue
            members = {seed: vectors_of(known.index, space, seed) for seed in space[1]}
            scores = disentanglement.measure(members, known, units, snakemake.params.seed)
            rows += [(name, kind, *score) for score in scores]
            logger.info("%s: %d scores against %s factors", name, len(scores), kind)
    job.write_rows(rows, "disentanglement", snakemake.output[0])


if __name__ == "__main__":
    job.run(main, snakemake)
