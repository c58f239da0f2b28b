"""Draw Figure 3, the genres in each cluster of one method."""

import job
from hybridmusic.clusterings import member
from hybridmusic.figures.genre_distribution import draw


def main(snakemake) -> None:
    params = snakemake.params
    clusters = member(job.read_table(snakemake.input.clustering), params.k, params.seed)
    tracks = job.read_table(snakemake.input.catalogue).set_index("id").loc[clusters.index]
    tracks["cluster"] = clusters
    job.save_figure(draw(tracks, params.genres, params.title), snakemake.output, params.dpi)


if __name__ == "__main__":
    job.run(main, snakemake)
