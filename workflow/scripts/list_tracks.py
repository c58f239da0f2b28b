"""List the clips of all sources, draw the sample, and balance the languages."""

import csv
import io
import json
import logging

import pandas as pd

import job
from hybridmusic import audio, sources
from hybridmusic.errors import InputError

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    tracks, rejected, features = [], [], []
    for source in map(json.loads, params.sources):
        listing = sources.list_source(source)
        listed = listing.tracks
        if params.segments == "all":
            listed = sources.segment(listed, params.clip_seconds, audio.duration)
        if "sample" in source:
            listed = sources.sample(listed, source["sample"], source["name"], params.seed)
        logger.info("source %r: %d tracks", source["name"], len(listed))
        tracks.append(listed)
        rejected += listing.rejected
        if listing.features is not None:
            features.append(listing.features)
    catalogue = pd.concat(tracks, ignore_index=True)
    if catalogue["id"].duplicated().any():
        twice = catalogue.loc[catalogue["id"].duplicated(), "id"].iloc[0]
        raise InputError(f"two tracks have the id {twice!r}")
    if params.balance:
        catalogue = sources.balance(catalogue, params.seed)
    languages = catalogue["language"].value_counts()
    logger.info("catalogue: %s", ", ".join(f"{n} {name}" for name, n in languages.items()))
    job.write_table(catalogue, "catalogue", snakemake.output.catalogue)
    known = pd.concat(features) if features else pd.DataFrame()
    known = known.loc[known.index.isin(catalogue["id"])]
    known = known.assign(id=known.index.astype(str)).reindex(
        columns=job.table_schemas()["features"]
    )
    job.write_table(known, "features", snakemake.output.features)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("file_path", "reason"), *rejected])
    job.write_text(text.getvalue(), snakemake.output.unlisted)


if __name__ == "__main__":
    job.run(main, snakemake)
