"""Write Table 2 for one number of clusters, in every form."""

import pandas as pd

import job
from hybridmusic import tables
from hybridmusic.conditions import effective

NO_GENRES = "There are fewer than two genres, so there is no such number of clusters."


def main(snakemake) -> None:
    params = snakemake.params
    scores = job.read_table(snakemake.input.scores)
    catalogue = job.read_table(snakemake.input.catalogue)
    methods = pd.DataFrame(
        {
            "name": params.methods,
            "label": params.labels,
            "task": params.tasks,
            "condition": params.conditions,
            "effective": [effective(condition, catalogue) for condition in params.conditions],
        }
    )
    k = catalogue["genre"].nunique() if params.k == "genres" else params.k
    notes = tables.notes(scores, methods, k, params.reference)
    methods = methods[~methods["name"].isin(tables.left_out(methods))].reset_index(drop=True)
    title = f"Clustering metrics across methods and tasks, k = {k}"
    if k < 2:
        title, notes = "Clustering metrics for as many clusters as genres", [NO_GENRES]
        methods = methods.iloc[:0]
    table = tables.table2(scores, methods, k, params.reference)
    job.write_text(table.to_csv(index=False, float_format="%.4f"), snakemake.output.csv)
    table = tables.marked_labels(table, methods)
    label = f"tab:{snakemake.wildcards.table}"
    for ending, text in tables.forms(table, notes, title, label).items():
        job.write_text(text, snakemake.output[ending])


if __name__ == "__main__":
    job.run(main, snakemake)
