"""Write what reducing a space before clustering changes, in every form."""

import job
from hybridmusic import reduction_table, tables
from hybridmusic.conditions import marked


def main(snakemake) -> None:
    params = snakemake.params
    scores, changes, catalogue = (
        job.read_table(snakemake.input[name]) for name in ("scores", "changes", "catalogue")
    )
    labels = {
        space: marked(space, condition, catalogue)
        for space, condition in zip(params.spaces, params.conditions, strict=True)
    }
    table = reduction_table.table(scores, labels)
    notes = [reduction_table.NOTHING]
    if len(table):
        notes = reduction_table.notes(changes, labels, params.clusterers, params.k)
    title = "Clusterings of spaces as they are and reduced"
    job.write_text(table.to_csv(index=False, float_format="%.4f"), snakemake.output.csv)
    forms = tables.forms(reduction_table.shown(table), notes, title, "tab:reduction")
    for ending, text in forms.items():
        job.write_text(text, snakemake.output[ending])


if __name__ == "__main__":
    job.run(main, snakemake)
