"""Tables for readers, with verdicts and notes, as Markdown, LaTeX and HTML."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import pandas as pd

# Heading of what a table lacks; not in the summary of the run.
ABSENT = "Missing"
# Headings of verdicts, in the order of a run's summary.
SEPARATES, FAILS, LANGUAGE, REDUCING, LEARNED, DOUBT, CHECKED = HEADINGS = (
    "Agreement with genre",
    "No agreement with genre",
    "Language",
    "Effect of reducing a space",
    "Networks",
    "Caveats",
    "Checks",
)
# Formats of columns that four decimals do not suit.
FORMATS = {
    **dict.fromkeys(
        ["Active units", "Units by KL", "Epochs", "C-H Index", "Clusters", "Effective dim."], ".1f"
    ),
    **dict.fromkeys(["p", "Stability", "Largest cluster", "Noise", "Distinct rows"], ".3f"),
    **dict.fromkeys(["Latent", "k", "Songs", "Tracks", "Distinct sentences", "Degrees"], "d"),
    **dict.fromkeys(["V-measure", "± bootstraps", "± seeds"], ".3f"),
    **dict.fromkeys(["Logistic", "k-NN", "SVM"], ".3f"),
    **dict.fromkeys(["Three commonest", "Projected fall"], ".1%"),
    "Chi-squared": ".1f",
    "Largest relative deviation": ".1e",
    "Clips beyond 0.001": "d",
    **dict.fromkeys(["β", "Learning rate"], "g"),
    **dict.fromkeys(["ELBO", "± ELBO", "Plateau ELBO", "± Plateau", "Log-likelihood", "KL"], ".2f"),
}
INTERVAL = " 90 %"
UNDEFINED = "–"
BLOCKS = "▁▂▃▄▅▆▇█"  # bars of charts inside a cell, of one to eight eighths


@dataclass(frozen=True)
class Sheet:
    """A table as readers see it, and the sentences below it."""

    title: str
    table: pd.DataFrame
    verdicts: dict[str, list[str]] = field(default_factory=dict)  # by HEADINGS or ABSENT
    notes: list[str] = field(default_factory=list)
    deviations: pd.DataFrame | None = None  # over seeds, with the same columns

    @property
    def sentences(self) -> list[str]:
        """Verdicts and notes, in the order in which they follow the table."""
        return [*chain(*self.verdicts.values()), *self.notes]


def joined(table: pd.DataFrame) -> pd.DataFrame:
    """Join columns `X low` and `X high` into one for readers, `X 90 %`."""
    shown = table.copy()
    for name in [name.removesuffix(" low") for name in table if name.endswith(" low")]:
        low, high = shown.pop(f"{name} low"), shown.pop(f"{name} high")
        both = [
            UNDEFINED if pd.isna(a) else f"{a:.3f} to {b:.3f}"
            for a, b in zip(low, high, strict=True)
        ]
        shown.insert(shown.columns.get_loc(name) + 1, f"{name}{INTERVAL}", both)
    return shown


def around(row: pd.Series, name: str, sign: str = "") -> str:
    """Format a number of a row with its interval: its columns `name`, `name_low`, `name_high`."""
    if pd.isna(row[name]):
        return UNDEFINED
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{row[name]:{sign}.3f} ({low:{sign}.3f} to {high:{sign}.3f})"


def forms(sheet: Sheet, name: str) -> dict[str, str]:
    """Return the sheet as text by file extension: `md`, `tex` and `html`."""
    return {"md": to_markdown(sheet), "tex": to_latex(sheet, f"tab:{name}"), "html": to_page(sheet)}


def to_markdown(sheet: Sheet) -> str:
    """Format a pipe table, followed by a list of verdicts and notes."""
    header, *rows = ["| " + " | ".join(map(_plain, row)) + " |" for row in _cells(sheet)]
    rule = ["---:" if _is_number(sheet.table[name]) else "---" for name in sheet.table]
    listed = [f"- {sentence}" for sentence in sheet.sentences]
    lines = [header, "| " + " | ".join(rule) + " |", *rows, "", *listed]
    return "\n".join(lines) + "\n"


def to_latex(sheet: Sheet, label: str) -> str:
    """Format a `table` environment for booktabs, with the sentences below the rules."""
    header, *rows = ([_latex(cell) for cell in row] for row in _cells(sheet))
    columns = "".join("r" if _is_number(sheet.table[name]) else "l" for name in sheet.table)
    lines = [
        r"% Needs \usepackage{booktabs}",
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{_latex(sheet.title)}}}",
        rf"\label{{{label}}}",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        " & ".join(header) + r" \\",
        r"\midrule",
        *(" & ".join(row) + r" \\" for row in rows),
        r"\bottomrule",
        r"\end{tabular}",
        r"\par\smallskip\footnotesize\raggedright",
        *(_latex(sentence) + r"\par" for sentence in sheet.sentences),
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def to_page(sheet: Sheet) -> str:
    """Format a self-contained HTML page; nothing in the table becomes markup."""
    header, *rows = ([html.escape(cell) for cell in row] for row in _cells(sheet))
    head = "".join(f"<th>{cell}</th>" for cell in header)
    body = "".join(f"<tr>{''.join(map(_table_cell, row))}</tr>\n" for row in rows)
    listed = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in sheet.sentences)
    title = html.escape(sheet.title)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{STYLE}</style></head>\n"
        f"<body><h1>{title}</h1>\n<table><thead><tr>{head}</tr></thead>\n"
        f"<tbody>{body}</tbody></table>\n<ul>{listed}</ul></body></html>\n"
    )


def _table_cell(cell: str) -> str:
    """Return a cell of a page; only sentences are broken into lines."""
    return f'<td class="long">{cell}</td>' if len(cell) > LONG else f"<td>{cell}</td>"


LONG = 60  # characters
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2em;color:#222;background:#fff}"
    "h1{font-size:1.2em}table{border-collapse:collapse;font-variant-numeric:tabular-nums;"
    "display:block;overflow-x:auto}td{white-space:nowrap}"
    ".long{white-space:normal;min-width:20em}"
    "th,td{padding:.25em .8em;text-align:right;border-bottom:1px solid #ddd}"
    "th:first-child,td:first-child,th:nth-child(2),td:nth-child(2){text-align:left}"
    "thead th{border-bottom:2px solid #222}ul{color:#444;max-width:60em}"
)


def _cells(sheet: Sheet) -> list[list[str]]:
    """Return header and rows as text."""
    table, columns = sheet.table, []
    for name in table:
        layout = FORMATS.get(name.partition(" (")[0], ".4f")
        deviations = [np.nan] * len(table)
        if sheet.deviations is not None and _is_number(sheet.deviations[name]):
            deviations = sheet.deviations[name]
        columns.append([_text(*pair, layout) for pair in zip(table[name], deviations, strict=True)])
    return [list(table.columns), *map(list, zip(*columns, strict=True))]


def _text(cell, deviation: float, layout: str) -> str:
    if isinstance(cell, str):
        return cell
    if pd.isna(cell):
        return UNDEFINED
    varies = pd.notna(deviation) and float(f"{deviation:{layout}}") > 0
    return f"{cell:{layout}}" + (f" ± {deviation:{layout}}" if varies else "")


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) or str(column.name).endswith(INTERVAL)


def _plain(cell: str) -> str:
    return cell.replace("|", r"\|").replace("\n", " ")


def _latex(text: str) -> str:
    special = {"\\": r"\textbackslash{}", "–": "--", "†": r"\textdagger{}"}
    special |= {"‡": r"\textdaggerdbl{}"}
    special |= {"β": r"$\beta$", "±": r"$\pm$"}
    special |= {
        block: rf"\rule{{0.4em}}{{{height * 0.2:.1f}ex}}" for height, block in enumerate(BLOCKS, 1)
    }
    special |= {char: "\\" + char for char in "&%$#_{}"} | {"~": r"\textasciitilde{}"}
    special |= {"^": r"\textasciicircum{}"}
    return "".join(special.get(char, char) for char in text)
