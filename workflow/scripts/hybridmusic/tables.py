"""Tables of results for people: as numbers, as Markdown, as LaTeX and as a page."""

from __future__ import annotations

import html

import numpy as np
import pandas as pd

from hybridmusic.clusterings import member, of_k
from hybridmusic.conditions import MARK

# Column of the paper's Table 2, metric, and whether it agrees with genre or tells of a space.
COLUMNS = (
    ("Silhouette", "silhouette", "space"),
    ("C-H Index", "calinski_harabasz", "space"),
    ("D-B Index", "davies_bouldin", "space"),
    ("ARI", "ari", "genre"),
    ("NMI", "nmi", "genre"),
    ("Purity", "purity", "genre"),
)
# Decimals of columns that four would overdo.
DECIMALS = {"Active units": 1}
UNDEFINED = "–"


def table1(
    catalogue: pd.DataFrame,
    features: pd.DataFrame,
    sentences: pd.DataFrame,
    embeddings: pd.DataFrame,
    clusterings: dict[str, pd.DataFrame],
    k: int,
) -> pd.DataFrame:
    """The paper's Table 1 and `song`: one row per track that has features.

    `cluster_<method>` is the first seed's cluster, for `k` clusters where the method takes k.
    """
    tracks = catalogue.set_index("id").loc[features["id"]].reset_index()
    vectors = embeddings.set_index("sentence")["vector"]
    genres = sorted(tracks["genre"].dropna().unique())
    code = tracks["genre"].map({genre: number for number, genre in enumerate(genres)})
    table = pd.DataFrame(
        {
            "id": tracks["id"],
            "title": tracks["title"],
            "language": tracks["language"],
            "genre": tracks["genre"],
            "song": tracks["song"],
            "file_path": tracks["file_path"],
            "audio_features": features["mfcc"].to_list(),
            "audio_description": sentences["sentence"].to_list(),
            "text_embeddings": vectors.loc[sentences["sentence"]].to_list(),
            "genre_encoded": code.astype("Int64"),
        }
    )
    for method, clustering in clusterings.items():
        table[f"cluster_{method}"] = (
            member(clustering, k).reindex(tracks["id"]).astype("Int64").array
        )
    return table


def table2(scores: pd.DataFrame, methods: pd.DataFrame, k: int, space: str) -> pd.DataFrame:
    """The paper's Table 2 from the tidy `scores`: means over seeds, one row per method.

    `methods` has `name`, `label` and `task`. Rows are for `k` clusters, or for the number that a
    method finds by itself; internal scores are those measured in `space`. What is not defined,
    such as the Silhouette of one cluster, is NaN.
    """
    scores = of_k(scores, k)
    table = pd.DataFrame({"Method": methods["label"], "Task": methods["task"]})
    for column, metric, kind in COLUMNS:
        measured_in = space if kind == "space" else kind
        chosen = scores[(scores["metric"] == metric) & (scores["measured_in"] == measured_in)]
        # A mean that left out undefined seeds would speak of other clusterings than its row.
        means = chosen.groupby("method")["value"].agg(lambda values: values.mean(skipna=False))
        table[column] = methods["name"].map(means).astype(float).to_numpy()
    return table


def reconstruction(held_out: dict[str, pd.DataFrame], inputs: dict[str, str]) -> pd.DataFrame:
    """One row per network from its `held_out` table: means over seeds of errors and KL.

    `inputs` names the space that each network reconstructs.
    """
    rows = []
    for network, table in held_out.items():
        part = table.groupby("part").mean(numeric_only=True)
        rows.append(
            {
                "Network": network,
                "Input": inputs[network],
                "Training MSE": part.loc["training", "reconstruction"],
                "Held-out MSE": part.loc["held_out", "reconstruction"],
                "Mean MSE": part.loc["held_out", "mean_prediction"],
                "Held-out KL": part.loc["held_out", "kl"],
                "Active units": part.loc["training", "active_units"],
            }
        )
    return pd.DataFrame(rows)


def left_out(methods: pd.DataFrame) -> pd.Series:
    """Names of methods that are conditioned on labels of which there are none.

    `methods` has `condition`, what is asked for, and `effective`, what there is.
    """
    return methods.loc[methods["condition"].ne("none") & methods["effective"].eq("none"), "name"]


def notes(scores: pd.DataFrame, methods: pd.DataFrame, k: int, space: str) -> list[str]:
    """What a reader of `table2` has to know, one sentence each.

    `methods` has `name`, `label`, `condition` and `effective` (see `left_out`).
    """
    scores = of_k(scores, k)
    n_seeds = scores["seed"].nunique()
    found = [
        f"k = {k}. Silhouette, C-H and D-B are measured in the {space} space whatever space was "
        "clustered, as published; ARI, NMI and purity against genre. "
        + (f"Means over {n_seeds} seeds." if n_seeds > 1 else "One seed.")
    ]
    if not (scores["measured_in"] == "genre").any():
        found.append("There are no genres to agree with: ARI, NMI and purity are left out.")
    labels = methods.set_index("name")["label"]
    seen = methods.loc[methods["effective"] == "genre", "label"]
    if len(seen):
        found.append(f"{MARK} saw the genre labels that it is scored on: {', '.join(seen)}.")
    for row in methods[methods["condition"] != methods["effective"]].itertuples():
        found.append(
            f"{row.label} is conditioned on language, for there are no genres."
            if row.effective == "language"
            else f"{row.label} is left out, for there is nothing to condition on."
        )
    count = scores[scores["metric"] == "n_clusters"].groupby("method")["value"].mean()
    noise = scores[scores["metric"] == "noise_share"].groupby("method")["value"].mean()
    free = scores[scores["k"].isna()].groupby("method")["space"].first().index
    for name in methods["name"]:
        if name in free:
            found.append(
                f"{labels[name]} finds {count[name]:g} clusters and calls {noise[name]:.1%} of "
                "the tracks noise, which counts as one more cluster."
            )
    undefined = scores[scores["metric"].eq("silhouette") & scores["measured_in"].eq(space)]
    for name in undefined[undefined["value"].isna()]["method"].unique():
        found.append(f"{UNDEFINED} {labels[name]} has no internal score: it found a single group.")
    return found


def marked_labels(table: pd.DataFrame, methods: pd.DataFrame) -> pd.DataFrame:
    """The table with a mark after the label of every method that was shown the genres."""
    marks = np.where(methods["effective"] == "genre", MARK, "")
    return table.assign(Method=table["Method"] + marks)


def forms(table: pd.DataFrame, notes: list[str], title: str, label: str) -> dict[str, str]:
    """The table for readers, as text by the ending of its file: `md`, `tex` and `html`."""
    return {
        "md": to_markdown(table, notes),
        "tex": to_latex(table, notes, title, label),
        "html": to_page(table, notes, title),
    }


def to_markdown(table: pd.DataFrame, notes: list[str]) -> str:
    """A pipe table of numbers with four decimals, and the notes as a list below it."""
    header, *rows = ["| " + " | ".join(map(_plain, row)) + " |" for row in _cells(table)]
    rule = ["---:" if pd.api.types.is_numeric_dtype(kind) else "---" for kind in table.dtypes]
    lines = [header, "| " + " | ".join(rule) + " |", *rows, "", *(f"- {note}" for note in notes)]
    return "\n".join(lines) + "\n"


def to_latex(table: pd.DataFrame, notes: list[str], caption: str, label: str) -> str:
    """A `table` environment for booktabs, the notes below the rules."""
    header, *rows = ([_latex(cell) for cell in row] for row in _cells(table))
    columns = "".join("r" if pd.api.types.is_numeric_dtype(kind) else "l" for kind in table.dtypes)
    lines = [
        r"% Needs \usepackage{booktabs}",
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{_latex(caption)}}}",
        rf"\label{{{label}}}",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        " & ".join(header) + r" \\",
        r"\midrule",
        *(" & ".join(row) + r" \\" for row in rows),
        r"\bottomrule",
        r"\end{tabular}",
        r"\par\smallskip\footnotesize\raggedright",
        *(_latex(note) + r"\par" for note in notes),
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def to_page(table: pd.DataFrame, notes: list[str], title: str) -> str:
    """A self-contained HTML page; nothing in the table becomes markup."""
    header, *rows = ([html.escape(cell) for cell in row] for row in _cells(table))
    head = "".join(f"<th>{cell}</th>" for cell in header)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    listed = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><h1>{html.escape(title)}</h1>\n<table><thead><tr>{head}</tr></thead>\n"
        f"<tbody>{body}</tbody></table>\n<ul>{listed}</ul></body></html>\n"
    )


STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2em;color:#222;background:#fff}"
    "h1{font-size:1.2em}table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    "th,td{padding:.25em .8em;text-align:right;border-bottom:1px solid #ddd}"
    "th:first-child,td:first-child,th:nth-child(2),td:nth-child(2){text-align:left}"
    "thead th{border-bottom:2px solid #222}ul{color:#444;max-width:60em}"
)


def _cells(table: pd.DataFrame) -> list[list[str]]:
    """Header and rows as text."""
    columns = [[_text(cell, DECIMALS.get(name, 4)) for cell in table[name]] for name in table]
    return [list(table.columns), *map(list, zip(*columns, strict=True))]


def _text(cell, decimals: int) -> str:
    if isinstance(cell, str):
        return cell
    return UNDEFINED if pd.isna(cell) else f"{cell:.{decimals}f}"


def _plain(cell: str) -> str:
    return cell.replace("|", r"\|").replace("\n", " ")


def _latex(text: str) -> str:
    special = {"\\": r"\textbackslash{}", "–": "--", MARK: r"\textdagger{}"}
    special |= {char: "\\" + char for char in "&%$#_{}"} | {"~": r"\textasciitilde{}"}
    special |= {"^": r"\textasciicircum{}"}
    return "".join(special.get(char, char) for char in text)
