"""Write a table of scores, for one number of clusters, in every form."""

import job
from hybridmusic import tables

NO_GENRES = "There are fewer than two genres, so there is no such number of clusters."


def main(snakemake) -> None:
    params, output = snakemake.params, snakemake.output
    catalogue = job.read_table(snakemake.input.catalogue)
    methods = tables.described(
        params.methods, params.labels, params.tasks, params.conditions, catalogue
    )
    k = catalogue["genre"].nunique() if params.k == "genres" else params.k
    scores, uncertainty, stability, spaces = (
        job.read_table(snakemake.input[name])
        for name in ("scores", "uncertainty", "stability", "spaces")
    )
    verdicts = tables.verdicts(uncertainty, methods, k, params.vaes)
    notes = tables.notes(scores, methods, k, params.reference)
    methods = methods[~methods["name"].isin(tables.left_out(methods))].reset_index(drop=True)
    title, deviations = f"{params.title}, k = {k}", None
    if k < 2:
        title, notes, verdicts = f"{params.title}, as many clusters as genres", [NO_GENRES], []
        methods = methods.iloc[:0]
    if params.kind == "scores":
        table = tables.table2(scores, methods, k, params.reference)
        deviations = tables.table2(scores, methods, k, params.reference, "std")
        notes += verdicts
    elif params.kind == "agreement":
        table = tables.agreement(uncertainty, stability, methods, k)
        notes = [*verdicts, *tables.agreement_notes(uncertainty, stability, methods, k)]
    else:
        table = tables.internal(scores, spaces, methods, k, params.reference)
        notes = tables.internal_notes(params.reference)
    job.write_text(table.to_csv(index=False, float_format="%.4f"), output.csv)
    table = tables.marked_labels(tables.joined(table), methods, tables.better(uncertainty, k))
    label = f"tab:{snakemake.wildcards.table}"
    for ending, text in tables.forms(table, notes, title, label, deviations).items():
        job.write_text(text, output[ending])


if __name__ == "__main__":
    job.run(main, snakemake)
