"""Draw Figure 3, the genres in each cluster of one method."""

from hybridmusic.clusterings.table import member
from hybridmusic.figures.genre_distribution import draw
from hybridmusic.tables.marks import MARK, marked
from shared import job


def main(snakemake) -> None:
    params = snakemake.params
    clusters = member(job.read_table(snakemake.input.clustering), params.k, params.seed)
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    tracks = catalogue.loc[clusters.index].assign(cluster=clusters)
    title = marked(params.title, params.condition, catalogue)
    if title.endswith(MARK):
        title += " (saw the genre labels)"
    job.save_figure(draw(tracks, params.genres, title), snakemake.output, params.dpi)


if __name__ == "__main__":
    job.run(main, snakemake)
