"""Assemble the paper's Table 1: everything known of each track, one row each."""

from hybridmusic.tables.scores import table1
from shared import job


def main(snakemake) -> None:
    read = {name: job.read_table(snakemake.input[name]) for name in TABLES}
    clusterings = {
        method: job.read_table(path)
        for method, path in zip(snakemake.params.methods, snakemake.input.clusterings, strict=True)
    }
    table = table1(**read, clusterings=clusterings, k=snakemake.params.k)
    extra = {f"cluster_{method}": "integer?" for method in clusterings}
    job.write_table(table, "tracks", snakemake.output.tracks, extra)


TABLES = ("catalogue", "features", "sentences", "embeddings")

if __name__ == "__main__":
    job.run(main, snakemake)
