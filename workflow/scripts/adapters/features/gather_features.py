"""Put the shards of features together, and fail if too many tracks were rejected."""

import logging

import pandas as pd

from hybridmusic.errors import InputError
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    catalogue = job.read_table(snakemake.input.catalogue)
    shards = [job.read_table(path) for path in snakemake.input.features]
    # Empty frames have no types to agree on.
    features = pd.concat([shard for shard in shards if len(shard)] or shards[:1])
    features = features.set_index("id").reindex(catalogue["id"])
    rejected = pd.concat(
        pd.read_csv(path, dtype=str, keep_default_na=False) for path in snakemake.input.rejected
    ).drop_duplicates()
    missing = features["tempo"].isna()
    share = missing.mean()
    logger.info("%d of %d tracks rejected", missing.sum(), len(catalogue))
    if missing.all():
        raise InputError(f"all {len(catalogue)} tracks were rejected, {_why(rejected, snakemake)}")
    if share > snakemake.params.max_rejected:
        raise InputError(
            f"{missing.sum()} of {len(catalogue)} tracks ({share:.0%}) were rejected, more than "
            f"max_rejected = {snakemake.params.max_rejected} allows; {_why(rejected, snakemake)}"
        )
    # New tracks of a run that is done: what can be used is, of whichever language.
    for language, group in catalogue.groupby("language"):
        if snakemake.params.whole_languages and missing[group["id"]].all():
            of_these = rejected[rejected["file_path"].isin(group["file_path"])]
            raise InputError(
                f"none of the {len(group)} tracks of the language {language!r} can be used; "
                f"{_why(of_these, snakemake)}"
            )
    features = features[~missing].reset_index()
    job.write_table(features, "features", snakemake.output.features)
    rejected = rejected.sort_values("file_path", kind="stable")
    job.write_rejected(rejected, snakemake.output.rejected)


def _why(rejected: pd.DataFrame, snakemake) -> str:
    reasons = rejected["reason"].value_counts()
    return (
        f"most often because a file {reasons.index[0]} ({reasons.iloc[0]} times); "
        f"all reasons: {' '.join(snakemake.input.rejected)}"
    )


if __name__ == "__main__":
    job.run(main, snakemake)
