"""Draw Figure 1, the panel of maps."""

import numpy as np

from hybridmusic.clusterings.table import member
from hybridmusic.figures.umap_panel import Panel, draw
from hybridmusic.tables.marks import marked
from shared import job


def main(snakemake) -> None:
    params = snakemake.params
    seed = params.seed
    maps = dict(zip(params.map_names, map(job.read_space, snakemake.input.maps), strict=True))
    clusterings = job.read_tables(params.methods, snakemake.input.clusterings)
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    panels = []
    for title, name, colour, condition in zip(
        params.titles, params.maps, params.colours, params.conditions, strict=True
    ):
        ids, members = maps[name]
        if colour in clusterings:
            clusters = member(clusterings[colour], params.k, seed)
            # Tracks that the clustered space lacks are drawn as noise.
            groups = clusters.reindex(ids, fill_value=-1).to_numpy()
        else:
            groups = catalogue.loc[ids, colour].fillna("unknown").to_numpy().astype(str)
        title = marked(title, condition, catalogue)
        panels.append(Panel(title, job.member(members, seed), np.asarray(groups)))
    job.save_figure(draw(panels), snakemake.output, params.dpi)


if __name__ == "__main__":
    job.run(main, snakemake)
