"""Write how every method agrees with genre without near duplicates, and with one clip per song."""

import logging

import job
from hybridmusic import subsets, tables

logger = logging.getLogger(__name__)


def main(snakemake) -> None:
    params = snakemake.params
    tracks = job.read_table(snakemake.input.catalogue).set_index("id")
    near = job.read_table(snakemake.input.near_duplicates)
    methods = tables.described(
        params.methods, params.labels, params.tasks, params.conditions, tracks
    )
    notes = subsets.notes(methods, params.k)
    methods = methods[~methods["name"].isin(tables.left_out(methods))].reset_index(drop=True)
    clusterings = {
        name: job.read_table(path)
        for name, path in zip(params.methods, snakemake.input.clusterings, strict=True)
    }
    groups = near.set_index("id")["group"]
    table = subsets.tabulated(clusterings, methods, params.k, tracks, groups)
    job.write_text(table.to_csv(index=False, float_format="%.4f"), snakemake.output.csv)
    table = tables.marked_labels(table, methods)
    chosen = subsets.subsets(near["id"], tracks["song"], groups)
    verdicts = subsets.verdicts(table, {name: int(rows.sum()) for name, rows in chosen.items()})
    for verdict in verdicts:
        logger.info("%s", verdict)
    title = f"Agreement with genre on fewer tracks, k = {params.k}"
    forms = tables.forms(table, [*verdicts, *notes], title, "tab:subsets")
    for ending, text in forms.items():
        job.write_text(text, snakemake.output[ending])


if __name__ == "__main__":
    job.run(main, snakemake)
