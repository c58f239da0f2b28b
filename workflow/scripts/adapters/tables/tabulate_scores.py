"""Write a table of scores, for one number of clusters, in every form."""

import pandas as pd

from hybridmusic.tables import agreement, internal, notes, scores
from hybridmusic.tables.methods import described, kept, marked_labels
from hybridmusic.tables.sheet import ABSENT, Sheet, joined
from hybridmusic.terms import GENRES
from shared import job, sheets

NO_GENRES = "There are fewer than two genres, so there is no such number of clusters."


def main(snakemake) -> None:
    params = snakemake.params
    catalogue = job.read_table(snakemake.input.catalogue)
    methods = described(params.methods, params.labels, params.tasks, params.conditions, catalogue)
    n_genres = catalogue["genre"].nunique()
    k = n_genres if params.k == GENRES else params.k
    # A rule gives a table of scores only what its kind needs.
    read = {
        name: job.read_table(path)
        for name in ("scores", "uncertainty", "stability", "spaces")
        if (path := snakemake.input.get(name))
    }
    if paths := snakemake.input.get("clusterings"):
        read["clusterings"] = job.read_tables(params.methods, paths)
    table, sheet = KINDS[params.kind](read, methods, k, n_genres, params)
    ahead = agreement.better(read["uncertainty"], k)
    shown = joined(sheet.pop("shown", table))
    sheet["table"] = marked_labels(shown, kept(methods), ahead)
    sheet["notes"] += notes.units(catalogue)
    sheet["notes"] += notes.song_level(params.levels, catalogue["song"])
    sheet["notes"] += notes.sampled(
        len(catalogue), params.exact_up_to, params.clusterers, _errors(read)
    )
    title = f"{params.title}, k = {k}"
    if k < 2:
        title, table = f"{params.title}, as many clusters as genres", table.iloc[:0]
        sheet = {"table": sheet["table"].iloc[:0], "verdicts": {ABSENT: [NO_GENRES]}}
    sheets.write(Sheet(title, **sheet), table, snakemake.output)


def _scores(read: dict, methods: pd.DataFrame, k: int, n_genres: int, params) -> tuple:
    rows = read["scores"], kept(methods), k, params.reference
    return scores.table(*rows), {
        "verdicts": agreement.verdicts(
            read["uncertainty"], kept(methods), k, params.vaes, n_genres
        ),
        "notes": scores.notes(read["scores"], methods, k, params.reference),
        "deviations": scores.table(*rows, "std"),
    }


def _agreement(read: dict, methods: pd.DataFrame, k: int, n_genres: int, params) -> tuple:
    uncertainty, methods = read["uncertainty"], kept(methods)
    return agreement.table(uncertainty, read["stability"], methods, k), {
        "verdicts": agreement.verdicts(uncertainty, methods, k, params.vaes, n_genres),
        "notes": agreement.notes(k),
    }


def _internal(read: dict, methods: pd.DataFrame, k: int, n_genres: int, params) -> tuple:
    methods = kept(methods)
    table = internal.table(read["scores"], read["spaces"], methods, k, params.reference)
    verdicts = internal.verdicts(table, read["uncertainty"], methods, k)
    table = internal.with_sizes(table, read["clusterings"], methods, k)
    return table, {
        "shown": internal.charted(table),
        "verdicts": verdicts,
        "notes": internal.notes(params.reference),
    }


KINDS = {"scores": _scores, "agreement": _agreement, "internal": _internal}


def _errors(read: dict[str, pd.DataFrame]) -> pd.Series:
    """Return the standard errors of sampled Silhouettes; none if the table has no such scores."""
    if "scores" not in read:
        return pd.Series(dtype=float)
    return read["scores"].loc[read["scores"]["metric"] == "silhouette_error", "value"]


if __name__ == "__main__":
    job.run(main, snakemake)
