"""List the clips of all sources, find duplicates, draw the sample, balance the languages."""

import json
import logging
from collections.abc import Iterator
from functools import cache

import pandas as pd

from hybridmusic.errors import ClipError, InputError
from hybridmusic.sound import decoding
from hybridmusic.tracks import files, sources
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    described = [json.loads(source) for source in params.sources]
    listings = [sources.list_source(source) for source in described]
    content = cache(files.content)
    for listing in listings:
        if listing.features is None:
            listing.tracks["content"] = listing.tracks["file_path"].map(content)
    listed = pd.concat([listing.tracks for listing in listings], ignore_index=True)
    equal = sources.duplicates(listed, drop=params.duplicates == "drop")
    if len(equal):
        logger.warning(
            "%d tracks have the content of an earlier one, and are %s (%s lists them)",
            equal["content"].duplicated().sum(),
            "kept" if equal["kept"].all() else "left out",
            snakemake.output.duplicates,
        )
    job.write_text(equal.to_csv(index=False), snakemake.output.duplicates)
    listed = listed.drop(index=equal.index[~equal["kept"]])

    drawn = []
    for source in described:
        tracks = listed[listed["source"] == source["name"]]
        lengths = durations(tracks, params.decode_seconds, params.decode_megabytes)
        tracks = sources.segment(
            tracks, params.clip_seconds, params.segments, params.cut_from, lengths
        )
        if "sample" in source:
            tracks = sources.sample(tracks, source["sample"], source["name"], params.seed)
        logger.info("source %r: %d tracks", source["name"], len(tracks))
        drawn.append(tracks)
    catalogue = pd.concat(drawn, ignore_index=True)
    if catalogue["id"].duplicated().any():
        twice = catalogue.loc[catalogue["id"].duplicated(), "id"].iloc[0]
        raise InputError(f"two tracks have the id {twice!r}")
    if params.balance:
        catalogue = sources.balance(catalogue, params.seed)
    languages = catalogue["language"].value_counts()
    logger.info("catalogue: %s", ", ".join(f"{n} {name}" for name, n in languages.items()))
    job.write_table(catalogue, "catalogue", snakemake.output.catalogue)

    features = [listing.features for listing in listings if listing.features is not None]
    known = pd.concat(features) if features else pd.DataFrame()
    known = known.loc[known.index.isin(catalogue["id"])]
    known = known.assign(id=known.index.astype(str)).reindex(
        columns=job.table_schemas()["features"]
    )
    job.write_table(known, "features", snakemake.output.features)
    numbers = [listing.numbers for listing in listings if listing.numbers is not None]
    numbers = pd.concat([pd.DataFrame(), *numbers])
    numbers = numbers.loc[numbers.index.isin(catalogue["id"])]
    columns = dict.fromkeys(numbers, "number?")
    numbers = numbers.assign(id=numbers.index.astype(str))
    job.write_table(numbers, "descriptors", snakemake.output.numbers, columns)
    rejected = [row for listing in listings for row in listing.rejected]
    job.write_rejected(rejected, snakemake.output.unlisted)


def durations(
    tracks: pd.DataFrame, seconds: float, megabytes: int
) -> Iterator[float | ClipError | None]:
    """Of each track's file, in s; None where there is nothing to decode."""
    sound = tracks["start"].notna() & tracks["content"].notna()
    calls = ((path,) for path in tracks.loc[sound, "file_path"])
    read = decoding.guarded(decoding.duration, calls, seconds, megabytes)
    return (next(read) if one else None for one in sound)


if __name__ == "__main__":
    # Python would have the decoding process import this file too, and all that it imports.
    del __file__
    job.run(main, snakemake)
