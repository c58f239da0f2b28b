"""Write how every method agrees with genre without near duplicates, and with one clip per song."""

from hybridmusic.studies import subsets
from hybridmusic.tables import scores
from hybridmusic.tables.notes import song_level
from hybridmusic.tables.sheet import CHECKED, Sheet
from hybridmusic.tracks import songs
from shared import job, sheets


def main(snakemake) -> None:
    params = snakemake.params
    tracks = job.read_table(snakemake.input.catalogue).set_index("id")
    near = job.read_table(snakemake.input.near_duplicates)
    methods = scores.described(
        params.methods, params.labels, params.tasks, params.conditions, tracks
    )
    notes = subsets.notes(methods, params.k) + song_level(params.levels, tracks["song"])
    methods = methods[~methods["name"].isin(scores.left_out(methods))].reset_index(drop=True)
    clusterings = {
        name: songs.scored(job.read_table(path), tracks["song"], level)
        for name, level, path in zip(
            params.methods, params.levels, snakemake.input.clusterings, strict=True
        )
    }
    groups = near.set_index("id")["group"]
    table = subsets.tabulated(clusterings, methods, params.k, tracks, groups)
    shown = scores.marked_labels(table, methods)
    chosen = subsets.subsets(near["id"], tracks["song"], groups)
    sheet = Sheet(
        f"Agreement with genre on fewer tracks, k = {params.k}",
        shown,
        {
            CHECKED: subsets.verdicts(
                shown, {name: int(rows.sum()) for name, rows in chosen.items()}
            )
        },
        notes,
    )
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
