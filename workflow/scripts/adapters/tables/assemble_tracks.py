"""Assemble the paper's Table 1: everything known of each track, one row each."""

from hybridmusic.tables import tracks
from shared import job

TABLES = ("catalogue", "features", "sentences", "embeddings")


def main(snakemake) -> None:
    params = snakemake.params
    read = {name: job.read_table(snakemake.input[name]) for name in TABLES}
    clusterings = job.read_tables(params.methods, snakemake.input.clusterings)
    table = tracks.table(**read, clusterings=clusterings, k=params.k)
    extra = {f"cluster_{method}": "integer?" for method in clusterings}
    job.write_table(table, "tracks", snakemake.output.tracks, extra)


if __name__ == "__main__":
    job.run(main, snakemake)
