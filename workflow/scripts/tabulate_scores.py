"""Write Table 2 for one number of clusters, in every form."""

import pandas as pd

import job
from hybridmusic import tables


def main(snakemake) -> None:
    params = snakemake.params
    scores = job.read_table(snakemake.input.scores)
    names = {"name": params.methods, "label": params.labels, "task": params.tasks}
    methods = pd.DataFrame(names)
    genres = job.read_table(snakemake.input.catalogue)["genre"].nunique()
    k = genres if params.k == "genres" else params.k
    table = tables.table2(scores, methods, k, params.reference)
    notes = tables.notes(scores, methods, params.marked, k, params.reference)
    title = f"Clustering metrics across methods and tasks, k = {k}"
    job.write_text(table.to_csv(index=False, float_format="%.4f"), snakemake.output.csv)
    table = tables.marked_labels(table, methods, params.marked)
    job.write_text(tables.to_markdown(table, notes), snakemake.output.md)
    label = f"tab:{snakemake.wildcards.table}"
    job.write_text(tables.to_latex(table, notes, title, label), snakemake.output.tex)
    job.write_text(tables.to_page(table, notes, title), snakemake.output.html)


if __name__ == "__main__":
    job.run(main, snakemake)
