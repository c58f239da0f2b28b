"""Draw agreement with genre against the Silhouette, before and after reducing a space."""

from hybridmusic.figures.reduction import draw
from hybridmusic.tables.marks import marked_by_name
from shared import job


def main(snakemake) -> None:
    params = snakemake.params
    scores = job.read_table(snakemake.input.scores)
    catalogue = job.read_table(snakemake.input.catalogue)
    labels = marked_by_name(params.spaces, params.conditions, catalogue)
    job.save_figure(draw(scores, labels), snakemake.output, params.dpi)


if __name__ == "__main__":
    job.run(main, snakemake)
