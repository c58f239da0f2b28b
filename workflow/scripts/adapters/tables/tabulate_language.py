"""Compare agreement with genre across languages with that with language, in every form."""

import pandas as pd

from hybridmusic.studies import language
from hybridmusic.tables.notes import song_level
from hybridmusic.tables.sheet import LANGUAGE, Sheet, joined
from hybridmusic.tracks import songs
from shared import job, sheets


def main(snakemake) -> None:
    params, output = snakemake.params, snakemake.output
    clusterings = {
        name: job.read_table(path)
        for name, path in zip(params.methods, snakemake.input.clusterings, strict=True)
    }
    clustered = set().union(*(table["id"] for table in clusterings.values()))
    tracks = job.read_table(snakemake.input.catalogue).set_index("id")
    tracks = tracks[tracks.index.isin(clustered)]
    clusterings = {
        name: songs.scored(clusterings[name], tracks["song"], level)
        for name, level in zip(params.methods, params.levels, strict=True)
    }
    methods = language.described(
        *(params.methods, params.labels, params.spaces_of),
        *(params.conditions, params.adjectives, params.learned, tracks),
    )
    compared = pd.DataFrame()
    if tracks["language"].nunique() > 1:
        # Numbers that all methods were told, not those chosen for single spaces.
        told = [set(table["k"].dropna()) for table in clusterings.values()]
        there = set.intersection(*(ks for ks in told if ks)) if any(told) else set()
        as_shared = there & {language.shared_labels(tracks).nunique()}
        compared = pd.concat(
            language.compare(clusterings, methods, tracks, k, params.resamples, params.seed)
            for k in dict.fromkeys([params.k, *as_shared])
        )
    compared = compared.reindex(columns=job.table_schemas()["language"])
    job.write_table(compared, "language", output.compared)
    table = language.table(compared, job.read_table(snakemake.input.spaces))
    sheet = Sheet(
        "Agreement with genre across languages, and with language",
        joined(table),
        {LANGUAGE: language.verdicts(compared, params.k)},
        language.notes(compared, tracks, params.k) + song_level(params.levels, tracks["song"]),
    )
    sheets.write(sheet, table, output)


if __name__ == "__main__":
    job.run(main, snakemake)
