"""Tabulate spaces next to models of public leaderboards."""

import pandas as pd

from hybridmusic.studies.leaderboard import scored
from hybridmusic.tables import leaderboard
from hybridmusic.tables.sheet import Sheet
from hybridmusic.tracks.conditions import effective
from shared import job, sheets


def main(snakemake) -> None:
    params = snakemake.params
    tracks, is_gtzan = scored(job.read_table(snakemake.input.catalogue))
    conditions = [effective(condition, tracks) for condition in params.conditions]
    spaces = pd.DataFrame({"space": params.spaces, "effective": conditions})
    rows = leaderboard.rows(
        job.read_table(snakemake.input.measured), spaces, pd.read_csv(snakemake.input.published)
    )
    sheet = Sheet(
        "Spaces next to models of public leaderboards",
        leaderboard.table(rows, is_gtzan),
        leaderboard.verdicts(rows, is_gtzan),
        leaderboard.notes(rows, tracks, is_gtzan, params.clip_seconds),
    )
    sheets.write(sheet, rows, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
