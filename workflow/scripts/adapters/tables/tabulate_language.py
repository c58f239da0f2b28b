"""Compare agreement with genre across languages with agreement with language."""

import pandas as pd

from hybridmusic.evaluation.halves import halves, strata
from hybridmusic.studies.language import compare, described, numbers_of_clusters
from hybridmusic.tables import language
from hybridmusic.tables.marks import marked
from hybridmusic.tables.notes import song_level, units
from hybridmusic.tables.sheet import Sheet, joined
from hybridmusic.tracks import songs
from shared import job, sheets


def main(snakemake) -> None:
    params, output = snakemake.params, snakemake.output
    clusterings = job.read_tables(params.methods, snakemake.input.clusterings)
    clustered = set().union(*(table["id"] for table in clusterings.values()))
    refits = dict(list(job.read_joined(snakemake.input.halves).groupby("method")))
    tracks = job.read_table(snakemake.input.catalogue).set_index("id")
    drawn = halves(tracks["unit"], strata(tracks), params.halves, params.seed)
    drawn = pd.DataFrame(drawn, columns=tracks.index)
    tracks = tracks[tracks.index.isin(clustered)]
    clusterings = songs.all_scored(clusterings, tracks["song"], params.levels)
    pairs = zip(params.labels, params.conditions, strict=True)
    methods = described(
        *(params.methods, [marked(*pair, tracks) for pair in pairs], params.spaces_of),
        *(params.conditions, params.adjectives, params.learned, tracks),
    )
    numbers = numbers_of_clusters(clusterings, tracks, params.k)
    parts = [compare(clusterings, refits, methods, tracks, drawn, k, params.seed) for k in numbers]
    compared = pd.concat(parts) if parts else pd.DataFrame()
    are_refitted = not set(params.methods) - set(refits)
    compared = compared.reindex(columns=job.table_schemas()["language"])
    job.write_table(compared, "language", output.compared)
    table = language.table(compared, job.read_table(snakemake.input.spaces))
    sheet = Sheet(
        "Agreement with genre across languages, and with language",
        joined(table),
        language.verdicts(compared, params.k),
        language.notes(compared, tracks, params.k, are_refitted)
        + units(tracks)
        + song_level(params.levels, tracks["song"]),
    )
    sheets.write(sheet, table, output)


if __name__ == "__main__":
    job.run(main, snakemake)
