"""Draw Figure 1, the panel of maps."""

import numpy as np

import job
from hybridmusic.clusterings import member
from hybridmusic.figures.umap_panel import Panel, draw


def main(snakemake) -> None:
    params = snakemake.params
    seed = params.seed
    maps = dict(zip(params.map_names, map(job.read_space, snakemake.input.maps), strict=True))
    tables = map(job.read_table, snakemake.input.clusterings)
    clusterings = dict(zip(params.methods, tables, strict=True))
    catalogue = job.read_table(snakemake.input.catalogue).set_index("id")
    panels = []
    for title, of, colour in zip(params.titles, params.maps, params.colours, strict=True):
        ids, members = maps[of]
        if colour in clusterings:
            groups = member(clusterings[colour], params.k, seed).loc[ids].to_numpy()
        else:
            groups = catalogue.loc[ids, colour].fillna("unknown").to_numpy().astype(str)
        panels.append(Panel(title, job.member(members, seed), np.asarray(groups)))
    job.save_figure(draw(panels), snakemake.output, params.dpi)


if __name__ == "__main__":
    job.run(main, snakemake)
