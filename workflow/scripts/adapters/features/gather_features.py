"""Join the shards of features, and fail if too many tracks were rejected."""

import logging

import pandas as pd

from hybridmusic.errors import InputError
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    catalogue = job.read_table(snakemake.input.catalogue, ["id", "language", "file_path"])
    shards = [job.read_table(path) for path in snakemake.input.features]
    # The columns of empty frames have no types.
    features = pd.concat([shard for shard in shards if len(shard)] or shards[:1])
    features = features.set_index("id").reindex(catalogue["id"])
    rejected = pd.concat(
        pd.read_csv(path, dtype=str, keep_default_na=False) for path in snakemake.input.rejected
    ).drop_duplicates()
    missing = features["tempo"].isna()
    share = missing.mean()
    logger.info("%d of %d tracks rejected", missing.sum(), len(catalogue))
    if missing.all():
        raise InputError(
            f"all {len(catalogue)} tracks were rejected, {_reason(rejected, snakemake)}"
        )
    if share > snakemake.params.max_rejected:
        raise InputError(
            f"{missing.sum()} of {len(catalogue)} tracks ({share:.0%}) were rejected, more than "
            f"max_rejected = {snakemake.params.max_rejected} allows; {_reason(rejected, snakemake)}"
        )
    # New tracks that join a run need not cover every language.
    for language, group in catalogue.groupby("language"):
        if snakemake.params.whole_languages and missing[group["id"]].all():
            in_language = rejected[rejected["file_path"].isin(group["file_path"])]
            raise InputError(
                f"none of the {len(group)} tracks of the language {language!r} can be used; "
                f"{_reason(in_language, snakemake)}"
            )
    features = features[~missing].reset_index()
    job.write_table(features, "features", snakemake.output.features)
    rejected = rejected.sort_values("file_path", kind="stable")
    job.write_rejected(rejected, snakemake.output.rejected)


def _reason(rejected: pd.DataFrame, snakemake) -> str:
    """Return the commonest reason, and the files that list all."""
    reasons = rejected["reason"].value_counts()
    return (
        f"most often because a file {reasons.index[0]} ({reasons.iloc[0]} times); "
        f"all reasons: {' '.join(snakemake.input.rejected)}"
    )


if __name__ == "__main__":
    job.run(main, snakemake)
