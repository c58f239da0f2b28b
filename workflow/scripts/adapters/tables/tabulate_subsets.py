"""Score every method against genre on subsets of the tracks, such as without near duplicates."""

from hybridmusic.clusterings.table import of_k
from hybridmusic.studies.subsets import agreement, members
from hybridmusic.tables import subsets
from hybridmusic.tables.methods import described, kept, marked_labels
from hybridmusic.tables.notes import song_level
from hybridmusic.tables.sheet import Sheet
from hybridmusic.tracks import songs
from shared import job, sheets


def main(snakemake) -> None:
    params = snakemake.params
    tracks = job.read_table(snakemake.input.catalogue).set_index("id")
    duplicates = job.read_table(snakemake.input.near_duplicates).set_index("id")
    groups = duplicates["group"]
    methods = kept(
        described(params.methods, params.labels, params.tasks, params.conditions, tracks)
    )
    clusterings = job.read_tables(params.methods, snakemake.input.clusterings)
    agreements = {
        name: agreement(of_k(clustering, params.k), tracks, groups)
        for name, clustering in songs.all_scored(clusterings, tracks["song"], params.levels).items()
    }
    table = subsets.table(agreements, methods)
    shown = marked_labels(table, methods)
    counts = {
        subset: int(chosen.sum())
        for subset, chosen in members(groups.index.to_series(), tracks, groups).items()
    }
    sheet = Sheet(
        f"Agreement with genre on fewer tracks, k = {params.k}",
        shown,
        subsets.verdicts(shown, counts),
        subsets.notes(methods, params.k, duplicates["compared"], counts)
        + song_level(params.levels, tracks["song"]),
    )
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
