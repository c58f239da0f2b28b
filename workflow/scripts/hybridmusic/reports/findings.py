"""What finished runs have found, by a rule: sentences and rows picked from their tables.

Nothing is computed anew. A difference counts only where its 90 % interval over songs leaves out 0,
and all is told for Table 2's number of clusters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hybridmusic.clusterings.table import of_k
from hybridmusic.plan import spaces as configuration
from hybridmusic.reports.summary import collection
from hybridmusic.studies.language import shared_labels
from hybridmusic.tables import internal, reduction
from hybridmusic.tables.language import NOT_SHARED, ONE_LANGUAGE
from hybridmusic.tables.marks import MARKS, discovers, notes_on_marks
from hybridmusic.tables.methods import described, kept, marked_labels
from hybridmusic.tables.notes import song_level
from hybridmusic.tables.sheet import UNDEFINED, Sheet, around, to_markdown
from hybridmusic.terms import CLIP, REFERENCE, SONG

ABOUT = (
    "Put together from the tables of finished runs by `make findings RUNS={runs}`; no figure is "
    "typed. Parentheses hold 90 % intervals over songs. A difference counts only where its "
    "interval leaves out 0, and the best of many is flattered by having been chosen. Brackets name "
    "the table that a sentence is from; the command below each heading makes it, from the "
    "configuration that the run wrote down. Clips and songs are ranked apart."
)
GENRE, LANGUAGE, SILHOUETTE = (
    "What separates genre",
    "What only separates languages",
    "What only raises a Silhouette",
)
NO_GENRES = "There are fewer than two genres to agree with."
NO_BASELINE = "There is no plain baseline to compare with."
SYNTHETIC = "demo_"  # begins the names of data sets that are made up
BLIND = ("random", "majority")  # clusterers that do not look at what they cluster
LISTED, BEST = 3, 5  # how many a sentence names, and how many of the best a table has
# Within a word a line is none, and a bar is none outside of tables, which see to it themselves.
MARKUP = re.compile(r"([\\`*<>\[\]#]|\b_|_\b)")


@dataclass(frozen=True)
class Run:
    """A finished run: its name, its settings as `config.yaml` has them, its tracks and its tables.

    `tracks` has `id`, `language`, `genre` and `song`; tables are of the kinds in the table schemas
    that their names say, `changes` of the kind `reduction_changes`.
    """

    name: str
    settings: dict
    tracks: pd.DataFrame
    scores: pd.DataFrame
    spaces: pd.DataFrame
    uncertainty: pd.DataFrame
    language: pd.DataFrame
    changes: pd.DataFrame

    @property
    def k(self) -> int:
        """Table 2's number of clusters."""
        return configuration.table_k(self.settings)


def methods(run: Run) -> pd.DataFrame:
    """The run's methods by name, and all that is told of them.

    `label` with its marks, `space`, `clusterer`, `level`, `effective` (what its space was told),
    `learned`, `unseen` (saw neither genres nor other data, and is no mere chance), `flags`,
    `chance`, `chance_in_language`, `baseline`, `ari`; `silhouette`, of which `_low` and `_high` are
    seeds; and each with its interval, `nmi`, `difference`, `shared` and `language`, all NMI.
    """
    settings, rows = run.settings, run.settings["methods"]
    spaces = [row["space"] for row in rows]
    given = described(
        [row["name"] for row in rows],
        [plain(configuration.label(settings, row)) for row in rows],
        [row["task"] for row in rows],
        [configuration.condition(settings, space) for space in spaces],
        run.tracks,
    )
    given["clusterer"] = [row["clusterer"] for row in rows]
    given["level"] = [configuration.level(settings, space) for space in spaces]
    networks = set(configuration.names_of(settings, "networks"))
    given["learned"] = [
        not networks.isdisjoint(configuration.lineage(settings, space)) for space in spaces
    ]
    given["unseen"] = discovers(given) & ~given["clusterer"].isin(BLIND)
    given = kept(given)
    measured = internal.table(run.scores, run.spaces, given, run.k, REFERENCE)
    given["label"] = marked_labels(measured, given)["Method"]
    given["space"], given["flags"] = measured["Space"], measured["Flags"]
    found = given.set_index("name")

    own = of_k(run.scores, run.k).query("metric == 'silhouette' and measured_in == space")
    seeds = own.groupby("method")["value"]
    found["silhouette"] = measured["Silhouette (own)"].set_axis(found.index)
    found["silhouette_low"], found["silhouette_high"] = seeds.min(), seeds.max()

    agreement = run.uncertainty[run.uncertainty["k"] == run.k]
    nmi = agreement[agreement["metric"] == "nmi"].set_index("method")
    nmi = nmi.rename(columns={"value": "nmi", "low": "nmi_low", "high": "nmi_high"})
    found["ari"] = agreement[agreement["metric"] == "ari"].set_index("method")["value"]
    across = run.language[run.language["k"] == run.k].set_index("method")
    across = across.rename(columns=lambda name: name.replace("_nmi", ""))
    surroundings = ["chance", "chance_in_language", "baseline"]
    found = found.join(nmi[[*_ends("nmi"), *_ends("difference"), *surroundings]])
    return found.join(across[[*_ends("shared"), *_ends("language")]])


def document(runs: list[Run]) -> str:
    """All that `runs` have found, as Markdown."""
    known = {run.name: methods(run) for run in runs}
    names = " ".join(known)
    parts = ["# Findings", ABOUT.format(runs=f'"{names}"' if len(runs) > 1 else names)]
    parts.append(to_markdown(glance(runs, known)).strip())
    for run in runs:
        of = known[run.name]
        parts += [f"## {plain(run.name)}", made(run)]
        for heading, told in (
            (GENRE, [*separates(run, of), *across_languages(run, of)]),
            (LANGUAGE, only_languages(run, of)),
            (SILHOUETTE, only_silhouettes(run, of)),
        ):
            parts += [f"### {heading}", "\n".join(f"- {sentence}" for sentence in told)]
        parts += ["### The most telling rows", to_markdown(telling(run, of)).strip()]
    return "\n\n".join(parts) + "\n"


def glance(runs: list[Run], known: dict[str, pd.DataFrame]) -> Sheet:
    """One row for each run: what agrees best with genre, and whether that is worth a thing."""
    rows, ahead = [], 0
    for run in runs:
        row = {"Run": plain(run.name), "Songs": str(run.tracks["song"].nunique())}
        unseen, of_songs = ranked(known[run.name], "nmi")
        if len(unseen):
            top, baseline = unseen.iloc[0], baseline_of(unseen)
            ahead += bool((pd.concat([unseen, of_songs])["difference_low"] > 0).any())
            row |= {"Best without genres": top["label"], "NMI": around(top, "nmi")}
            if baseline is not None:
                row |= {"Plain baseline": baseline["label"], "Difference": _difference(top)}
        for _, top in of_songs.head(1).iterrows():
            row["Best of songs"] = f"{top['label']} {around(top, 'nmi')}"
        for _, top in ranked(known[run.name], "shared")[0].head(1).iterrows():
            row["Best across languages"] = f"{top['label']} {_beside(top)}"
        rows.append(row)
    labelled = sum("NMI" in row for row in rows)
    told = f"Something is better than the strongest plain baseline in {ahead} of {labelled} runs."
    notes = [told] if labelled else [NO_GENRES]
    return Sheet("", pd.DataFrame(rows).fillna(UNDEFINED), notes=notes)


def made(run: Run) -> str:
    """What a run is of, and the command that makes the tables that its sentences are from."""
    told = plain(f"{collection(run.tracks, 0)[0]} All is for k = {run.k}.")
    if all(row.get("dataset", "").startswith(SYNTHETIC) for row in run.settings["sources"]):
        told += " The music is synthetic: this shows what comes out, and is no evidence of music."
    results = f"results/{run.name}"
    targets = f"{results}/tables/{{agreement,internal,language,reduction}}.md"
    return f"{told}\n\n    snakemake {targets} --cores 8 --configfile {results}/config.yaml"


def separates(run: Run, of: pd.DataFrame) -> list[str]:
    """What agrees with genre: the best, what is better than plain baselines, and what was shown."""
    unseen, of_songs = ranked(of, "nmi")
    if unseen.empty:
        return [NO_GENRES]
    top, baseline = unseen.iloc[0], baseline_of(unseen)
    is_plain = baseline is not None and baseline.name == top.name
    told = [
        f"Of {len(unseen)} methods that saw neither genres nor other data, {top['label']}"
        f"{', itself the strongest plain baseline,' if is_plain else ''} agrees best with the "
        f"{run.tracks['genre'].nunique()} genres: NMI {around(top, 'nmi')}, where shuffled "
        f"genres give {top['chance']:.3f}."
    ]
    nearest, ahead = ranked(of, "difference")[0], unseen[unseen["difference_low"] > 0]
    if baseline is None:
        told.append(NO_BASELINE)
    elif not is_plain:
        told.append(
            f"The strongest plain baseline, {baseline['label']}, has {around(baseline, 'nmi')}; "
            f"{top['label']} differs by {_difference(top)}."
        )
    elif len(nearest):
        best = nearest.iloc[0]
        told.append(f"The nearest to it, {best['label']}, differs by {_difference(best)}.")
    if len(ahead) > 1:
        told.append(
            f"Better than that baseline by a whole interval: {_listed(ahead, 'difference', '+')}."
        )
    learned = unseen[unseen["learned"] & ~bool(top["learned"])]
    for what, rows in (("what was learned", learned), ("songs in place of clips", of_songs)):
        for _, best in rows.head(1).iterrows():
            differs = pd.notna(best["difference"])
            told.append(
                f"Of {what}, {best['label']} agrees best: NMI {around(best, 'nmi')}"
                f"{f'; it differs from that baseline by {_difference(best)}' if differs else ''}."
            )
    for seen, mark in MARKS.items():
        shown = of[of["effective"].eq(seen) & of["nmi"].notna()]
        if len(shown):
            told.append(f"Told more than these tracks ({mark}): {_listed(shown, 'nmi')}.")
    return [f"{sentence} [agreement]" for sentence in told]


def across_languages(run: Run, of: pd.DataFrame) -> list[str]:
    """What agrees with the genres that all languages have, beside what it has of language."""
    if run.tracks["language"].nunique() < 2:
        return []
    first, of_songs = ranked(of, "shared")
    if first.empty:
        return [NOT_SHARED]
    names = sorted(shared_labels(run.tracks.set_index("id")).unique())
    top, shared = first.iloc[0], pd.concat([first, of_songs])
    more = shared[shared["shared_low"] > shared["language_high"]]
    return [
        f"{sentence} [language]"
        for sentence in (
            f"Among the {len(names)} genres that all languages have ({plain(', '.join(names))}), "
            f"{top['label']} agrees best: NMI {_beside(top)}.",
            "More with these genres than with language, beyond both intervals, agree: "
            f"{_listed(more, 'shared')}.",
        )
    ]


def only_languages(run: Run, of: pd.DataFrame) -> list[str]:
    """What goes by language more than by genre, and how much language alone explains."""
    first, of_songs = ranked(of, "language")
    if first.empty:
        return [ONE_LANGUAGE]
    top, languages = first.iloc[0], pd.concat([first, of_songs])
    told = [
        f"{top['label']} goes by language most: NMI with language {around(top, 'language')}. "
        "[language]"
    ]
    if languages["shared"].notna().any():
        by_language = languages[languages["language_low"] > languages["shared_high"]]
        told.append(
            "More with language than with the genres that languages share, beyond both intervals, "
            f"agree: {_listed(by_language, 'language')}. [language]"
        )
    for _, best in ranked(of, "nmi")[0].head(1).iterrows():
        told.append(
            f"Of the NMI of {best['label']} with all genres, {around(best, 'nmi')}, genres that "
            f"are shuffled inside each language leave {best['chance_in_language']:.3f}, and genres "
            f"shuffled altogether {best['chance']:.3f}: between the two lies what language alone "
            "explains. [agreement]"
        )
    return told


def only_silhouettes(run: Run, of: pd.DataFrame) -> list[str]:
    """What reductions change, what the highest Silhouette is worth, and what is degenerate."""
    told = [f"{verdict} [reduction]" for verdict in reduction.verdicts(run.changes)]
    for _, top in ranked(of, "silhouette")[0].head(1).iterrows():
        sentence = (
            f"The highest Silhouette in its own space, {top['silhouette']:.3f} (over seeds "
            f"{top['silhouette_low']:.3f} to {top['silhouette_high']:.3f}), has {top['label']}"
        )
        if pd.notna(top["nmi"]):
            sentence += f"; its NMI with genre is {around(top, 'nmi')}"
        if pd.notna(top["difference"]):
            sentence += f" and differs from the plain baseline's by {_difference(top)}"
        told.append(f"{sentence}. Silhouettes of different spaces do not compare. [internal]")
    flagged = of[of["flags"] != UNDEFINED]
    if len(flagged):
        named = [f"{row.label} ({row.flags})" for row in flagged.itertuples()]
        told.append(f"Degenerate, whatever their scores: {'; '.join(named)}. [internal]")
    return told


def telling(run: Run, of: pd.DataFrame) -> Sheet:
    """The best rows, and the one of each kind that they have to be seen beside."""
    by = of.sort_values(["nmi", "silhouette"], ascending=False, kind="stable")
    kinds_of = (
        by["unseen"] & by["learned"],
        *(by["unseen"] & by["level"].eq(one) for one in (CLIP, SONG)),
        *(by["effective"].eq(seen) for seen in MARKS),
        by["clusterer"].isin(BLIND),
    )
    chosen = {*by.index[by["unseen"]][:BEST], *of["baseline"].dropna()}
    chosen |= {name for kind in kinds_of for name in by.index[kind][:1]}
    chosen |= set(ranked(of, "silhouette")[0].index[:1])
    shown = by[by.index.isin(chosen)]
    columns = {"Method": shown["label"], "Space": shown["space"].map(plain)}
    columns |= {"Clusterer": shown["clusterer"], "Level": shown["level"]}
    columns |= {"Saw": shown["effective"].replace("none", "no label")}
    for title, name, sign in (
        ("NMI", "nmi", ""),
        ("Against baseline", "difference", "+"),
        ("Language NMI", "language", ""),
    ):
        columns[title] = [around(row, name, sign) for _, row in shown.iterrows()]
    columns |= {"ARI": shown["ari"].astype(float), "Silhouette": shown["silhouette"]}
    columns["Flags"] = shown["flags"]
    notes = [f"{len(shown)} of {len(of)} methods, by NMI; the Silhouette is that in its own space."]
    labels = shown["label"].str.rstrip("".join(MARKS.values()))
    notes += notes_on_marks(shown.assign(label=labels))
    notes += song_level(shown["level"].to_list(), run.tracks["song"])
    return Sheet("", pd.DataFrame(columns), notes=notes)


def ranked(of: pd.DataFrame, by: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The `unseen` of `methods` that have a value of `by`, the highest first.

    First those of clips, then those of songs, which are scored on fewer rows and by another
    protocol; if there are none of clips, then those of songs come first, and none second.
    """
    rows = of[of["unseen"] & of[by].notna()].sort_values(by, ascending=False, kind="stable")
    is_song = rows["level"].eq(SONG)
    return (rows, rows[:0]) if is_song.all() else (rows[~is_song], rows[is_song])


def baseline_of(of: pd.DataFrame) -> pd.Series | None:
    """The strongest plain baseline, which all differences are from; None if there is none."""
    named = of["baseline"].dropna()
    return of.loc[named.iloc[0]] if len(named) else None


def plain(text: str) -> str:
    """Text of strangers in which nothing is markup."""
    return MARKUP.sub(r"\\\1", " ".join(text.split()))


def _ends(name: str) -> list[str]:
    return [name, f"{name}_low", f"{name}_high"]


def _difference(row: pd.Series) -> str:
    """In figures and words, how a method differs from the baseline; nothing of the baseline."""
    if pd.isna(row["difference"]):
        return UNDEFINED
    sides = np.sign([row["difference_low"], row["difference_high"]]).sum()
    verdict = {2: "is better", -2: "is worse"}.get(int(sides), "may be none")
    return f"{around(row, 'difference', '+')}, which {verdict}"


def _beside(row: pd.Series) -> str:
    return f"{around(row, 'shared')}, with language {around(row, 'language')}"


def _listed(rows: pd.DataFrame, name: str, sign: str = "") -> str:
    """The first of some methods with a figure each, and how many more there are."""
    named = [f"{row['label']} {around(row, name, sign)}" for _, row in rows.iterrows()]
    more = [f"{len(named) - LISTED} more"] if len(named) > LISTED else []
    return "; ".join(named[:LISTED] + more) or "none"
