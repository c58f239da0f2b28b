"""State what finished runs found, by a rule: sentences and rows picked from their tables.

Nothing is computed again. A method is better or worse than the best plain baseline by the rule of
`tables.agreement.better`. All figures are for Table 2's number of clusters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hybridmusic.clusterings.table import of_k
from hybridmusic.plan import spaces as facts
from hybridmusic.reports.summary import collection
from hybridmusic.studies.language import shared_labels
from hybridmusic.tables import agreement as agreement_table
from hybridmusic.tables import internal, reduction
from hybridmusic.tables.flags import degenerate
from hybridmusic.tables.language import NOT_SHARED, ONE_LANGUAGE
from hybridmusic.tables.marks import MARKS, discovers, notes_on_marks
from hybridmusic.tables.methods import described, kept, marked_labels
from hybridmusic.tables.notes import song_level, units
from hybridmusic.tables.sheet import UNDEFINED, Sheet, around, to_markdown
from hybridmusic.terms import CLIP, ELSEWHERE, NONE, REFERENCE, SONG
from hybridmusic.terms import GENRE as GENRE_LABEL

ABOUT = (
    "`make findings RUNS={runs}` writes this page from the tables of finished runs; no figure is "
    "typed. Parentheses hold 90 % intervals, of every method fitted again on halves of the songs; "
    "those of reductions are given the clusters. Differences are from the best plain baseline with "
    "as many clusters, and their intervals hold for all methods together. A method is better or "
    "worse only if those of NMI and of AMI or ARI exclude 0. Brackets name the table of a "
    "sentence; the command below each run's heading makes it from the configuration that the run "
    "recorded. Clips and songs are ranked separately."
)
GENRE, LANGUAGE, SILHOUETTE = (
    "What separates genre",
    "What only separates languages",
    "What only raises a Silhouette",
)
NO_GENRES = "There are fewer than two genres to agree with."
NO_BASELINE = "There is no plain baseline to compare with."
SAW = {
    GENRE_LABEL: "Methods that saw genre labels",
    ELSEWHERE: "Methods with a model that was trained on other data",
}
SYNTHETIC = "demo_"  # names of synthetic data sets begin so
BLIND = ("random", "majority")  # clusterers that ignore the vectors
LISTED, BEST = 3, 5  # methods in a sentence, and best methods in a table
# Underscores inside a word are no markup; bars matter in tables alone, which escape them.
MARKUP = re.compile(r"([\\`*<>\[\]#]|\b_|_\b)")


@dataclass(frozen=True)
class Run:
    """A finished run, with its tables of these kinds."""

    name: str
    settings: dict  # its `config.yaml`
    tracks: pd.DataFrame  # `id`, `language`, `genre`, `song` and `unit`
    scores: pd.DataFrame
    spaces: pd.DataFrame
    uncertainty: pd.DataFrame
    language: pd.DataFrame
    changes: pd.DataFrame  # `reduction_changes`

    @property
    def k(self) -> int | None:
        """Table 2's number of clusters."""
        return facts.table_k(self.settings)


def methods(run: Run) -> pd.DataFrame:
    """Describe the run's methods, indexed by name.

    Columns are `label` with its marks, `space`, `clusterer`, `level`, `effective` (the condition of
    its space), `learned`, `unseen` (saw neither genres nor other data, and is no baseline of
    chance), `flags`, `chance`, `chance_in_language`, `baseline`, `ari`; `silhouette`, whose `_low`
    and `_high` are over seeds; and with their intervals `nmi`, `difference`, `shared` and
    `language`, all NMI.
    """
    settings, rows = run.settings, run.settings["methods"]
    spaces = [row["space"] for row in rows]
    table = described(
        [row["name"] for row in rows],
        [plain(facts.label(settings, row)) for row in rows],
        [row["task"] for row in rows],
        [facts.condition(settings, space) for space in spaces],
        run.tracks,
    )
    table["clusterer"] = [row["clusterer"] for row in rows]
    table["level"] = [facts.level(settings, space) for space in spaces]
    table["learned"] = np.array([facts.has_network(settings, space) for space in spaces], bool)
    table["unseen"] = discovers(table) & ~table["clusterer"].isin(BLIND)
    table = kept(table)
    measured = internal.table(run.scores, run.spaces, table, run.k, REFERENCE)
    table["label"] = marked_labels(measured, table)["Method"]
    table["space"], table["flags"] = measured["Space"], measured["Flags"]
    table["silhouette"] = measured["Silhouette (own)"]
    table = table.set_index("name")

    own = of_k(run.scores, run.k).query("metric == 'silhouette' and measured_in == space")
    seeds = own.groupby("method")["value"]
    table["silhouette_low"], table["silhouette_high"] = seeds.min(), seeds.max()

    agreement = run.uncertainty[run.uncertainty["k"] == run.k]
    nmi = agreement[agreement["metric"] == "nmi"].set_index("method")
    nmi = nmi.rename(columns={"value": "nmi", "low": "nmi_low", "high": "nmi_high"})
    for end in ("low", "high"):
        nmi[f"difference_{end}"] = nmi[f"difference_{end}_all"]
    better, worse = (agreement_table.better(run.uncertainty, run.k, sign) for sign in (1, -1))
    table["verdict"] = [(name in better) - (name in worse) for name in table.index]
    table["ari"] = agreement[agreement["metric"] == "ari"].set_index("method")["value"]
    across = run.language[run.language["k"] == run.k].set_index("method")
    across = across.rename(columns=lambda name: name.replace("_nmi", ""))
    context = ["chance", "chance_in_language", "baseline", "finds_k"]
    table = table.join(nmi[[*_ends("nmi"), *_ends("difference"), *context]])
    return table.join(across[[*_ends("shared"), *_ends("language")]])


def document(runs: list[Run]) -> str:
    """Write the findings of `runs` as Markdown."""
    tables = {run.name: methods(run) for run in runs}
    names = " ".join(tables)
    parts = ["# Findings", ABOUT.format(runs=f'"{names}"' if len(runs) > 1 else names)]
    parts.append(to_markdown(glance(runs, tables)).strip())
    for run in runs:
        table = tables[run.name]
        parts += [f"## {plain(run.name)}", introduction(run)]
        for heading, sentences in (
            (GENRE, [*separates(run, table), *across_languages(run, table)]),
            (LANGUAGE, only_languages(run, table)),
            (SILHOUETTE, only_silhouettes(run, table)),
        ):
            parts += [f"### {heading}", "\n".join(f"- {sentence}" for sentence in sentences)]
        parts += ["### Rows to compare", to_markdown(selection(run, table)).strip()]
    return "\n\n".join(parts) + "\n"


def glance(runs: list[Run], tables: dict[str, pd.DataFrame]) -> Sheet:
    """Tabulate what agrees best with genre, one row per run; `tables` are of `methods`."""
    rows, ahead = [], 0
    for run in runs:
        row = {"Run": plain(run.name), "Songs": str(run.tracks["song"].nunique())}
        unseen, at_song_level = ranked(tables[run.name], "nmi")
        if len(unseen):
            top, baseline = unseen.iloc[0], baseline_of(unseen)
            ahead += bool((pd.concat([unseen, at_song_level])["verdict"] > 0).any())
            row |= {"Best without genres": top["label"], "NMI": around(top, "nmi")}
            if baseline is not None:
                row |= {"Plain baseline": baseline["label"], "Difference": _difference(top)}
        for _, top in at_song_level.head(1).iterrows():
            row["Best of songs"] = f"{top['label']} {around(top, 'nmi')}"
        for _, top in ranked(tables[run.name], "shared")[0].head(1).iterrows():
            row["Best across languages"] = f"{top['label']} {_with_language(top)}"
        rows.append(row)
    labelled = sum("NMI" in row for row in rows)
    sentence = (
        "A method without genres is shown to be better than the best plain baseline in "
        f"{ahead} of {labelled} runs."
    )
    notes = [sentence] if labelled else [NO_GENRES]
    return Sheet("", pd.DataFrame(rows).fillna(UNDEFINED), notes=notes)


def introduction(run: Run) -> str:
    """Describe a run's tracks, and give the command that makes the tables of its sentences."""
    k = f" All figures are for k = {run.k}." if run.k is not None else ""
    text = plain(f"{collection(run.tracks, 0, {})[0]}{k}")
    sources = run.settings.get("sources", [])
    if sources and all(row.get("dataset", "").startswith(SYNTHETIC) for row in sources):
        text += " The music is synthetic, so these figures are no evidence about music."
    results = f"results/{run.name}"
    targets = f"{results}/tables/{{agreement,internal,language,reduction}}.md"
    return f"{text}\n\n    snakemake {targets} --cores 8 --configfile {results}/config.yaml"


def separates(run: Run, table: pd.DataFrame) -> list[str]:
    """Say what agrees best with genre, what is better than plain baselines, and what saw labels."""
    unseen, at_song_level = ranked(table, "nmi")
    if unseen.empty:
        return [NO_GENRES]
    top, baseline = unseen.iloc[0], baseline_of(unseen)
    is_plain = baseline is not None and baseline.name == top.name
    sentences = [
        f"Of {len(unseen)} methods that saw neither genres nor other data, {top['label']}"
        f"{', itself the strongest plain baseline,' if is_plain else ''} agrees best with the "
        f"{run.tracks['genre'].nunique()} genres: NMI {around(top, 'nmi')}; shuffled genres have "
        f"{top['chance']:.3f}."
    ]
    nearest, ahead = ranked(table, "difference")[0], unseen[unseen["verdict"] > 0]
    if baseline is None:
        sentences.append(NO_BASELINE)
    elif not is_plain:
        sentences.append(
            f"The strongest plain baseline, {baseline['label']}, has {around(baseline, 'nmi')}; "
            f"{top['label']} differs by {_difference(top)}."
        )
    elif len(nearest):
        best = nearest.iloc[0]
        sentences.append(f"The next best, {best['label']}, differs by {_difference(best)}.")
    if len(ahead) > 1:
        sentences.append(
            f"Better than that baseline beyond the interval: {_listed(ahead, 'difference', '+')}."
        )
    learned = unseen[unseen["learned"] & ~bool(top["learned"])]
    for which, rows in (("on learned spaces", learned), ("at song level", at_song_level)):
        for _, best in rows.head(1).iterrows():
            differs = pd.notna(best["difference"])
            sentences.append(
                f"Of methods {which}, {best['label']} agrees best: NMI {around(best, 'nmi')}"
                f"{f'; it differs from that baseline by {_difference(best)}' if differs else ''}."
            )
    for condition, mark in MARKS.items():
        shown = table[table["effective"].eq(condition) & table["nmi"].notna()]
        if len(shown):
            sentences.append(f"{SAW[condition]} ({mark}): {_listed(shown, 'nmi')}.")
    return [f"{sentence} [agreement]" for sentence in sentences]


def across_languages(run: Run, table: pd.DataFrame) -> list[str]:
    """Compare agreement with the genres that all languages share and agreement with language."""
    if run.tracks["language"].nunique() < 2:
        return []
    first, at_song_level = ranked(table, "shared")
    if first.empty:
        return [NOT_SHARED]
    names = sorted(shared_labels(run.tracks.set_index("id")).unique())
    top, shared = first.iloc[0], pd.concat([first, at_song_level])
    more = shared[shared["shared_low"] > shared["language_high"]]
    return [
        f"{sentence} [language]"
        for sentence in (
            f"With the {len(names)} genres that all languages share ({plain(', '.join(names))}), "
            f"{top['label']} agrees best: NMI {_with_language(top)}.",
            "Methods that agree more with these genres than with language, beyond both intervals: "
            f"{_listed(more, 'shared')}.",
        )
    ]


def only_languages(run: Run, table: pd.DataFrame) -> list[str]:
    """Say what agrees more with language than with genre, and what language alone explains."""
    first, at_song_level = ranked(table, "language")
    if first.empty:
        return [ONE_LANGUAGE]
    top, languages = first.iloc[0], pd.concat([first, at_song_level])
    sentences = [
        f"{top['label']} agrees best with language: NMI {around(top, 'language')}. [language]"
    ]
    if languages["shared"].notna().any():
        by_language = languages[languages["language_low"] > languages["shared_high"]]
        sentences.append(
            "Methods that agree more with language than with the genres that languages share, "
            f"beyond both intervals: {_listed(by_language, 'language')}. [language]"
        )
    for _, best in ranked(table, "nmi")[0].head(1).iterrows():
        sentences.append(
            f"The NMI of {best['label']} with all genres is {around(best, 'nmi')}. Genres shuffled "
            f"within each language have {best['chance_in_language']:.3f}, genres shuffled over all "
            f"songs {best['chance']:.3f}; language alone explains this difference at least. "
            "[agreement]"
        )
    return sentences


def only_silhouettes(run: Run, table: pd.DataFrame) -> list[str]:
    """Say what reductions change, what the highest Silhouette is worth, and what is degenerate."""
    sentences = [f"{verdict} [reduction]" for verdict in reduction.verdicts(run.changes)]
    for _, top in ranked(table, "silhouette")[0].head(1).iterrows():
        sentence = (
            f"{top['label']} has the highest Silhouette in its own space, {top['silhouette']:.3f} "
            f"(over seeds {top['silhouette_low']:.3f} to {top['silhouette_high']:.3f})"
        )
        if pd.notna(top["nmi"]):
            sentence += f"; its NMI with genre is {around(top, 'nmi')}"
        if pd.notna(top["difference"]):
            sentence += f" and differs from the plain baseline's by {_difference(top)}"
        sentences.append(f"{sentence}. Silhouettes of different spaces do not compare. [internal]")
    flagged = degenerate(table["label"], table["flags"])
    return sentences + [f"{sentence} [internal]" for sentence in flagged]


def selection(run: Run, table: pd.DataFrame) -> Sheet:
    """Tabulate the best methods, and the best of each kind to compare them with."""
    by = table.sort_values(["nmi", "silhouette"], ascending=False, kind="stable")
    groups = (
        by["unseen"] & by["learned"],
        *(by["unseen"] & by["level"].eq(level) for level in (CLIP, SONG)),
        *(by["effective"].eq(condition) for condition in MARKS),
        by["clusterer"].isin(BLIND),
    )
    chosen = {*by.index[by["unseen"]][:BEST], *table["baseline"].dropna()}
    chosen |= {name for group in groups for name in by.index[group][:1]}
    chosen |= set(ranked(table, "silhouette")[0].index[:1])
    shown = by[by.index.isin(chosen)]
    columns = {"Method": shown["label"], "Space": shown["space"].map(plain)}
    columns |= {"Clusterer": shown["clusterer"], "Level": shown["level"]}
    columns |= {"Saw": shown["effective"].replace(NONE, "no label")}
    for title, name, sign in (
        ("NMI", "nmi", ""),
        ("Against baseline", "difference", "+"),
        ("Language NMI", "language", ""),
    ):
        columns[title] = [around(row, name, sign) for _, row in shown.iterrows()]
    columns |= {"ARI": shown["ari"].astype(float), "Silhouette": shown["silhouette"]}
    columns["Flags"] = shown["flags"]
    notes = [
        f"{len(shown)} of {len(table)} methods, by NMI. Silhouettes are measured in the space that "
        "a method clusters."
    ]
    labels = shown["label"].str.rstrip("".join(MARKS.values()))
    notes += notes_on_marks(shown.assign(label=labels))
    notes += song_level(shown["level"].to_list(), run.tracks["song"])
    notes += units(run.tracks)
    return Sheet("", pd.DataFrame(columns), notes=notes)


def ranked(table: pd.DataFrame, by: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the `unseen` methods at clip level and at song level, each with the highest first.

    Methods without a value of `by` are left out, and where it is an NMI, which rises with the
    number of clusters, those that find this number themselves. Song level is separate, because it
    is scored on fewer rows and by another protocol. If there are only methods at song level, they
    come first and the second table is empty.
    """
    rows = table[table["unseen"] & table[by].notna()]
    if by in ("nmi", "shared", "language"):
        rows = rows[rows["finds_k"].ne(True)]
    rows = rows.sort_values(by, ascending=False, kind="stable")
    is_song = rows["level"].eq(SONG)
    return (rows, rows[:0]) if is_song.all() else (rows[~is_song], rows[is_song])


def baseline_of(table: pd.DataFrame) -> pd.Series | None:
    """Return the strongest plain baseline, to which differences refer; None if there is none."""
    names = table["baseline"].dropna()
    return table.loc[names.iloc[0]] if len(names) else None


def plain(text: str) -> str:
    """Escape markup in text from users."""
    return MARKUP.sub(r"\\\1", " ".join(text.split()))


def _ends(name: str) -> list[str]:
    return [name, f"{name}_low", f"{name}_high"]


def _difference(row: pd.Series) -> str:
    """State a method's difference from the baseline and what it means; UNDEFINED of a baseline."""
    if pd.isna(row["difference"]):
        return UNDEFINED
    verdict = {1: "which is better", -1: "which is worse"}.get(
        row["verdict"], "which may be chance"
    )
    return f"{around(row, 'difference', '+')}, {verdict}"


def _with_language(row: pd.Series) -> str:
    return f"{around(row, 'shared')}, with language {around(row, 'language')}"


def _listed(rows: pd.DataFrame, name: str, sign: str = "") -> str:
    """List the first methods with a figure each, and how many more there are."""
    named = [f"{row['label']} {around(row, name, sign)}" for _, row in rows.iterrows()]
    more = [f"{len(named) - LISTED} more"] if len(named) > LISTED else []
    return "; ".join(named[:LISTED] + more) or "none"
