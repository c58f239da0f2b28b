"""Write a table of scores, for one number of clusters, in every form."""

from hybridmusic.evaluation import silhouettes
from hybridmusic.tables import scores as tables
from hybridmusic.tables.notes import song_level
from hybridmusic.tables.sheet import ABSENT, Sheet, joined
from shared import job, sheets

NO_GENRES = "There are fewer than two genres, so there is no such number of clusters."


def main(snakemake) -> None:
    params = snakemake.params
    catalogue = job.read_table(snakemake.input.catalogue)
    methods = tables.described(
        params.methods, params.labels, params.tasks, params.conditions, catalogue
    )
    k = catalogue["genre"].nunique() if params.k == "genres" else params.k
    read = {
        name: job.read_table(path)
        for name in ("scores", "uncertainty", "stability", "spaces")
        if (path := snakemake.input.get(name))
    }
    uncertainty = read["uncertainty"]
    all_methods = methods
    methods = methods[~methods["name"].isin(tables.left_out(methods))].reset_index(drop=True)
    title, deviations = f"{params.title}, k = {k}", None
    told = tables.verdicts(uncertainty, methods, k, params.vaes)
    if params.kind == "scores":
        table = tables.table2(read["scores"], methods, k, params.reference)
        deviations = tables.table2(read["scores"], methods, k, params.reference, "std")
        notes = tables.notes(read["scores"], all_methods, k, params.reference)
    elif params.kind == "agreement":
        table = tables.agreement(uncertainty, read["stability"], methods, k)
        notes = tables.agreement_notes(k)
    else:
        table = tables.internal(read["scores"], read["spaces"], methods, k, params.reference)
        told = tables.internal_verdicts(table, uncertainty, methods, k)
        notes = tables.internal_notes(params.reference)
    notes += song_level(params.levels, catalogue["song"])
    if "scores" in read:
        of_errors = read["scores"]["metric"] == "silhouette_error"
        errors = read["scores"].loc[of_errors, "value"]
    else:
        errors = []
    notes += silhouettes.notes(len(catalogue), params.exact_up_to, params.clusterers, errors)
    if k < 2:
        title = f"{params.title}, as many clusters as genres"
        table, methods, deviations = table.iloc[:0], methods.iloc[:0], None
        told, notes = {ABSENT: [NO_GENRES]}, []
    shown = tables.marked_labels(joined(table), methods, tables.better(uncertainty, k))
    sheet = Sheet(title, shown, told, notes, deviations)
    sheets.write(sheet, table, snakemake.output)


if __name__ == "__main__":
    job.run(main, snakemake)
