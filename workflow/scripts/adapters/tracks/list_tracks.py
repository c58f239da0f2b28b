"""List the clips of all sources, find duplicates, draw the sample, balance the languages."""

import json
import logging
from collections.abc import Iterator
from functools import cache, partial

import pandas as pd

from hybridmusic.errors import ClipError
from hybridmusic.sound import decoding
from hybridmusic.tracks import catalogue, files, sources
from hybridmusic.tracks.units import units
from shared import job

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params, output = snakemake.params, snakemake.output
    described = [json.loads(source) for source in params.sources]
    listings = [sources.list_source(source) for source in described]
    content = cache(files.content)
    for listing in listings:
        if listing.features is None:
            listing.tracks["content"] = listing.tracks["file_path"].map(content)
    listed = pd.concat([listing.tracks for listing in listings], ignore_index=True)
    equal = catalogue.duplicates(listed, drop=params.duplicates == "drop")
    if len(equal):
        logger.warning(
            "%d tracks have the content of an earlier one, and are %s (%s lists them)",
            equal["content"].duplicated().sum(),
            "kept" if equal["kept"].all() else "left out",
            output.duplicates,
        )
    job.write_text(equal.to_csv(index=False), output.duplicates)

    tracks = catalogue.catalogue(
        listed.drop(index=equal.index[~equal["kept"]]),
        described,
        partial(durations, seconds=params.decode_seconds, megabytes=params.decode_megabytes),
        seconds=params.clip_seconds,
        segments=params.segments,
        cut_from=params.cut_from,
        balanced=params.balance,
        seed=params.seed,
    )
    tracks["unit"] = units(tracks)
    languages = tracks["language"].value_counts()
    logger.info("catalogue: %s", ", ".join(f"{n} {name}" for name, n in languages.items()))
    job.write_table(tracks, "catalogue", output.catalogue)
    known = catalogue.of_catalogue((listing.features for listing in listings), tracks["id"])
    known = known.reindex(columns=job.table_schemas()["features"])
    job.write_table(known, "features", output.features)
    numbers = catalogue.of_catalogue((listing.numbers for listing in listings), tracks["id"])
    columns = dict.fromkeys(numbers.columns.drop("id"), "number?")
    job.write_table(numbers, "descriptors", output.numbers, columns)
    ignored = [
        (source["name"], *counted)
        for source, listing in zip(described, listings, strict=True)
        for counted in sorted(listing.ignored.items())
    ]
    table = pd.DataFrame(ignored, columns=["source", "reason", "files"])
    job.write_text(table.to_csv(index=False), output.ignored)
    job.write_rejected([row for listing in listings for row in listing.rejected], output.unlisted)


def durations(
    tracks: pd.DataFrame, seconds: float, megabytes: int
) -> Iterator[float | ClipError | None]:
    """Yield the duration of each track's file, s; None where there is nothing to decode."""
    is_sound = tracks["start"].notna() & tracks["content"].notna()
    calls = ((path,) for path in tracks.loc[is_sound, "file_path"])
    read = decoding.guarded(decoding.duration, calls, seconds, megabytes)
    return (next(read) if one else None for one in is_sound)


if __name__ == "__main__":
    # Otherwise Python would have the decoding process import this file and all its imports.
    del __file__
    job.run(main, snakemake)
