"""Tables of results for people: as numbers, as Markdown, as LaTeX and as a page."""

from __future__ import annotations

import html
from collections.abc import Collection

import numpy as np
import pandas as pd

from hybridmusic.clusterings import member, of_k
from hybridmusic.conditions import MARK, effective, saw_genres
from hybridmusic.degeneracy import LARGEST, NOISY

# Column of the paper's Table 2, metric, and whether it agrees with genre or tells of a space.
COLUMNS = (
    ("Silhouette", "silhouette", "space"),
    ("C-H Index", "calinski_harabasz", "space"),
    ("D-B Index", "davies_bouldin", "space"),
    ("ARI", "ari", "genre"),
    ("NMI", "nmi", "genre"),
    ("Purity", "purity", "genre"),
)
# Formats of columns that four decimals do not suit.
FORMATS = {
    **dict.fromkeys(["Active units", "C-H Index", "Clusters", "Effective dim."], ".1f"),
    **dict.fromkeys(["p", "Stability", "Largest cluster", "Noise", "Distinct rows"], ".3f"),
    **dict.fromkeys(["Latent", "k", "Tracks", "Distinct sentences", "Degrees"], "d"),
    "Three commonest": ".1%",
    "Chi-squared": ".1f",
    **dict.fromkeys(["β", "Learning rate"], "g"),
    **dict.fromkeys(["ELBO", "± ELBO", "Log-likelihood", "KL"], ".2f"),
}
INTERVAL = " 90 %"
# Behind every label of what agrees better with genre than any plain baseline, beyond doubt.
AHEAD = "*"
# Column of the table of agreement, and where it comes from.
SURROUNDINGS = {
    "NMI": "value",
    "NMI low": "low",
    "NMI high": "high",
    "Chance": "chance",
    "Chance in language": "chance_in_language",
    "p": "p",
    "Difference": "difference",
    "Difference low": "difference_low",
    "Difference high": "difference_high",
}
# Below these a space has collapsed.
FEW_DISTINCT = 0.5
ONE_DIMENSION = 1.5
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


def described(
    names: list[str], labels: list[str], tasks: list[str], conditions: list[str], tracks
) -> pd.DataFrame:
    """The configured methods as a frame, as most functions here want them, one row each.

    `condition` is what a method's space is asked to be conditioned on, and `effective` what
    `tracks`, with `genre` and `language`, allow.
    """
    columns = {"name": names, "label": labels, "task": tasks, "condition": conditions}
    real = [effective(condition, tracks) for condition in conditions]
    return pd.DataFrame(columns | {"effective": real})


def table2(
    scores: pd.DataFrame, methods: pd.DataFrame, k: int, space: str, statistic: str = "mean"
) -> pd.DataFrame:
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
        over_seeds = chosen.groupby("method")["value"].agg(
            lambda values: getattr(values, statistic)(skipna=False)
        )
        table[column] = methods["name"].map(over_seeds).astype(float).to_numpy()
    return table


def agreement(
    uncertainty: pd.DataFrame, stability: pd.DataFrame, methods: pd.DataFrame, k: int
) -> pd.DataFrame:
    """NMI with genre of every method and what surrounds it, one row per method.

    Intervals are of 90 % over songs; `Difference` is from the strongest plain baseline. Stability
    is the mean adjusted Rand index between seeds, and between resamples of songs.
    """
    rows = uncertainty[(uncertainty["k"] == k) & (uncertainty["metric"] == "nmi")]
    rows = rows.set_index("method").reindex(methods["name"])
    stable = of_k(stability, k).set_index("method").reindex(methods["name"])
    table = {"Method": methods["label"].to_numpy(), "Task": methods["task"].to_numpy()}
    for column, name in SURROUNDINGS.items():
        table[column] = rows[name].to_numpy(dtype=float)
    table["Stability (seeds)"] = stable["seeds"].to_numpy(dtype=float)
    table["Stability (songs)"] = stable["songs"].to_numpy(dtype=float)
    return pd.DataFrame(table)


def internal(
    scores: pd.DataFrame, spaces: pd.DataFrame, methods: pd.DataFrame, k: int, reference: str
) -> pd.DataFrame:
    """Internal scores in each method's own space and in the reference, and what is degenerate.

    `spaces` is the tidy table of what was measured of spaces. All are means over seeds.
    """
    scores = of_k(scores, k)
    own = scores.drop_duplicates("method").set_index("method")["space"].reindex(methods["name"])
    means = scores.groupby(["method", "metric", scores["measured_in"].fillna("")])["value"].mean()
    of_space = spaces.groupby(["space", "metric"])["value"].mean()
    rows = []
    for name, label, space in zip(methods["name"], methods["label"], own, strict=True):
        row = {"Method": label, "Space": space}
        for column, metric, kind in COLUMNS:
            if kind == "space":
                row[f"{column} (own)"] = means.get((name, metric, space), np.nan)
                row[f"{column} ({reference})"] = means.get((name, metric, reference), np.nan)
        row["Distinct rows"] = of_space.get((space, "distinct_share"), np.nan)
        row["Effective dim."] = of_space.get((space, "effective_dimension"), np.nan)
        row["Largest cluster"] = means.get((name, "largest_share", ""), np.nan)
        row["Noise"] = means.get((name, "noise_share", ""), np.nan)
        rows.append(row | {"Flags": ", ".join(flags(row)) or UNDEFINED})
    indices = [column for column, _, kind in COLUMNS if kind == "space"]
    measures = [f"{column} ({of})" for column in indices for of in ("own", reference)]
    degenerate = ["Distinct rows", "Effective dim.", "Largest cluster", "Noise", "Flags"]
    return pd.DataFrame(rows, columns=["Method", "Space", *measures, *degenerate])


def flags(row: dict) -> list[str]:
    """What is degenerate of a row of `internal`, in words."""
    found = {
        "few distinct rows": row["Distinct rows"] < FEW_DISTINCT,
        "nearly one dimension": row["Effective dim."] < ONE_DIMENSION,
        "one cluster": row["Largest cluster"] > LARGEST,
        "mostly noise": row["Noise"] > NOISY,
    }
    return [flag for flag, is_so in found.items() if is_so]


def better(uncertainty: pd.DataFrame, k: int) -> set[str]:
    """Names of methods whose NMI is above the strongest plain baseline's by a whole interval."""
    rows = uncertainty[(uncertainty["k"] == k) & (uncertainty["metric"] == "nmi")]
    return set(rows.loc[rows["difference_low"] > 0, "method"])


def verdicts(
    uncertainty: pd.DataFrame, methods: pd.DataFrame, k: int, vaes: list[str]
) -> list[str]:
    """In words, what beats the strongest plain baseline, and whether one of `vaes` does."""
    rows = uncertainty[(uncertainty["k"] == k) & (uncertainty["metric"] == "nmi")]
    rows = rows[rows["method"].isin(methods["name"])].set_index("method")
    if rows.empty or rows["baseline"].isna().all():
        return []
    labels, baseline = methods.set_index("name")["label"], rows["baseline"].iloc[0]
    saw = set(methods.loc[methods["effective"] == "genre", "name"])
    ahead = [name for name in rows.index if name in better(uncertainty, k)]
    strongest = rows.loc[baseline]
    found = [
        f"The strongest plain baseline is {labels[baseline]}: NMI {strongest['value']:.3f}, 90 % "
        f"interval over songs {strongest['low']:.3f} to {strongest['high']:.3f}.",
        f"{AHEAD} agrees better with genre than that, by more than the interval of the paired "
        f"difference: {', '.join(labels[name] for name in ahead) or 'no method'}.",
    ]
    present = [name for name in vaes if name in rows.index]
    winners = [labels[name] for name in present if name in ahead and name not in saw]
    if present:
        found.append(
            f"VAEs that do so without having seen genres: {', '.join(winners)}."
            if winners
            else "No VAE does so without having seen genres."
        )
    if rows["shuffled"].eq("tracks").any():
        found.append("Some songs have several genres, so chance levels take clips as independent.")
    return found


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


def tuning(grid: pd.DataFrame) -> pd.DataFrame:
    """One row per latent size, beta and learning rate of the `grid`: means over seeds.

    `grid` is of the kind `tuning`; columns after ± are standard deviations over seeds. `Best` names
    what a row is best by: the ELBO among the rows of its beta, NMI among all.
    """
    groups = grid.groupby(["latent", "beta", "learning_rate"])
    means, deviations = groups.mean(), groups.std()
    by_elbo = means.index.isin(means.groupby("beta")["elbo"].idxmax())
    by_nmi = means["nmi"] == means["nmi"].max()
    best = [
        ", ".join(name for name, is_best in (("ELBO", elbo), (f"NMI{MARK}", nmi)) if is_best)
        for elbo, nmi in zip(by_elbo, by_nmi, strict=True)
    ]
    table = pd.DataFrame(
        {
            "ELBO": means["elbo"],
            "± ELBO": deviations["elbo"],
            "Log-likelihood": means["log_likelihood"],
            "KL": means["kl"],
            "MSE": means["reconstruction"],
            "Active units": means["active_units"],
            "NMI": means["nmi"],
            "± NMI": deviations["nmi"],
            "AMI": means["ami"],
            "Best": best,
        }
    )
    return table.rename_axis(["Latent", "β", "Learning rate"]).reset_index()


def tuning_notes(grid: pd.DataFrame, k: int) -> list[str]:
    """What a reader of `tuning` has to know, one sentence each; K-Means was given `k`."""
    n_tracks, n_features = grid[["n_tracks", "n_features"]].iloc[0]
    n_seeds = grid["seed"].nunique()
    found = [
        f"Trained without a fifth of the songs, and scored on them: {n_tracks} tracks, the same "
        "for every row. "
        + (
            f"Means over {n_seeds} seeds, ± their standard deviation."
            if n_seeds > 1
            else "One seed."
        ),
        "ELBO = log-likelihood - KL, in nats per track, whatever β was trained with. The "
        "likelihood is Gaussian of variance 1/2, so its log is minus the squared error, and minus "
        f"{n_features / 2:g} log π = {n_features / 2 * np.log(np.pi):.2f} for {n_features} "
        "standardised features. Training with β maximises the ELBO of variance β/2 instead, so the "
        "best ELBO is marked for each β by itself.",
        "The best of many is flattered, for these songs chose it. MSE is per standardised feature, "
        "decoded from the mean of q(z | x).",
    ]
    if grid["nmi"].isna().all():
        return [*found, "NMI and AMI are left out, for want of genres or of tracks held out."]
    return [
        *found,
        f"NMI and AMI with genre are of K-Means, k = {k}, on the latents of the songs held out. "
        "NMI is above 0 by chance, and more so for few tracks; AMI is not.",
        f"{MARK} chosen by the genre labels that it is scored on: no choice that a method without "
        "labels could make.",
    ]


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
    found += saw_genres(methods)
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
            told = f"{labels[name]} decides on the number of clusters itself: {count[name]:.3g}"
            if noise[name] > 0:
                told += f", and {noise[name]:.1%} of the tracks as noise, one cluster more"
            found.append(f"{told}.")
    undefined = scores[scores["metric"].eq("silhouette") & scores["measured_in"].eq(space)]
    for name in undefined[undefined["value"].isna()]["method"].unique():
        found.append(f"{UNDEFINED} {labels[name]} has no internal score: it found a single group.")
    return found


def agreement_notes(
    uncertainty: pd.DataFrame, stability: pd.DataFrame, methods: pd.DataFrame, k: int
) -> list[str]:
    """What a reader of `agreement` has to know, one sentence each."""
    found = [
        f"NMI with genre for k = {k}, means over seeds; the interval is over songs, for tracks of "
        "one song are not independent.",
        "Chance: the same clusters against shuffled genres; in language: genres shuffled only "
        "inside each language, which is what language alone explains. p is one-sided.",
        "Difference: from the strongest plain baseline on the same resamples of songs. It was "
        "chosen by the same labels, which favours it.",
        "Stability: mean adjusted Rand index between seeds, and between resamples of songs (in a "
        "space that stays).",
    ]
    return [*found, *saw_genres(methods)]


def internal_notes(reference: str) -> list[str]:
    """What a reader of `internal` has to know, one sentence each."""
    return [
        f"Internal scores in the space that was clustered (own), and in the {reference} space, "
        "which the paper measures everything in. Scores in different spaces do not compare.",
        f"Flags: few distinct rows, below {FEW_DISTINCT:.0%}; nearly one dimension, a "
        f"participation ratio below {ONE_DIMENSION:g}; one cluster, with over {LARGEST:.0%} of the "
        f"tracks; mostly noise, over {NOISY:.0%}.",
    ]


def marked_labels(
    table: pd.DataFrame, methods: pd.DataFrame, ahead: Collection[str] = ()
) -> pd.DataFrame:
    """The table with marks behind labels: of methods that saw the genres, and of those `ahead`."""
    saw = np.where(methods["effective"] == "genre", MARK, "")
    beats = np.where(methods["name"].isin(ahead), f" {AHEAD}", "")
    return table.assign(Method=table["Method"] + saw + beats)


def joined(table: pd.DataFrame) -> pd.DataFrame:
    """The table for readers: columns `X low` and `X high` as one, `X 90 %`."""
    shown = table.copy()
    for name in [name.removesuffix(" low") for name in table if name.endswith(" low")]:
        low, high = shown.pop(f"{name} low"), shown.pop(f"{name} high")
        both = [
            UNDEFINED if pd.isna(a) else f"{a:.3f} to {b:.3f}"
            for a, b in zip(low, high, strict=True)
        ]
        shown.insert(shown.columns.get_loc(name) + 1, f"{name}{INTERVAL}", both)
    return shown


def forms(
    table: pd.DataFrame,
    notes: list[str],
    title: str,
    label: str,
    deviations: pd.DataFrame | None = None,
) -> dict[str, str]:
    """The table for readers, as text by the ending of its file: `md`, `tex` and `html`.

    `deviations`, of the same columns, say by how much numbers vary over seeds.
    """
    return {
        "md": to_markdown(table, notes, deviations),
        "tex": to_latex(table, notes, title, label, deviations),
        "html": to_page(table, notes, title, deviations),
    }


def to_markdown(
    table: pd.DataFrame, notes: list[str], deviations: pd.DataFrame | None = None
) -> str:
    """A pipe table of numbers with four decimals, and the notes as a list below it."""
    header, *rows = [
        "| " + " | ".join(map(_plain, row)) + " |" for row in _cells(table, deviations)
    ]
    rule = ["---:" if _is_number(table[name]) else "---" for name in table]
    lines = [header, "| " + " | ".join(rule) + " |", *rows, "", *(f"- {note}" for note in notes)]
    return "\n".join(lines) + "\n"


def to_latex(
    table: pd.DataFrame,
    notes: list[str],
    caption: str,
    label: str,
    deviations: pd.DataFrame | None = None,
) -> str:
    """A `table` environment for booktabs, the notes below the rules."""
    header, *rows = ([_latex(cell) for cell in row] for row in _cells(table, deviations))
    columns = "".join("r" if _is_number(table[name]) else "l" for name in table)
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


def to_page(
    table: pd.DataFrame, notes: list[str], title: str, deviations: pd.DataFrame | None = None
) -> str:
    """A self-contained HTML page; nothing in the table becomes markup."""
    header, *rows = ([html.escape(cell) for cell in row] for row in _cells(table, deviations))
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


def _cells(table: pd.DataFrame, deviations: pd.DataFrame | None) -> list[list[str]]:
    """Header and rows as text."""
    columns = []
    for name in table:
        layout = FORMATS.get(name.partition(" (")[0], ".4f")
        by = [np.nan] * len(table)
        if deviations is not None and _is_number(deviations[name]):
            by = deviations[name]
        columns.append([_text(*pair, layout) for pair in zip(table[name], by, strict=True)])
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
    special = {"\\": r"\textbackslash{}", "–": "--", MARK: r"\textdagger{}"}
    special |= {"β": r"$\beta$", "±": r"$\pm$"}
    special |= {char: "\\" + char for char in "&%$#_{}"} | {"~": r"\textasciitilde{}"}
    special |= {"^": r"\textasciicircum{}"}
    return "".join(special.get(char, char) for char in text)
