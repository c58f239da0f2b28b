"""Compare runs with each other and with the paper's Table 2, and explain the differences."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import pandas as pd

from hybridmusic import kinds
from hybridmusic.plan import spaces as facts
from hybridmusic.terms import GENRE, REFERENCE, SUPERVISED

MEASURES = ("Silhouette", "ARI", "NMI", "Purity")
# The name of the paper's columns; no run's name has a space.
PRINTED = "as printed"
# Released code fits spectral clustering on half of the tracks and gives the others random clusters.
HALF_RANDOM = "spectral"
COMMONEST = 3
# The text block has collapsed if the three commonest sentences cover more than this share.
COLLAPSED = 0.5


@dataclass(frozen=True)
class Run:
    """A run to compare."""

    name: str
    settings: dict  # its `config.yaml`
    table2: pd.DataFrame  # for readers, like `agreement` and `internal`
    agreement: pd.DataFrame
    internal: pd.DataFrame
    sentences: pd.DataFrame  # of this kind


def side_by_side(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Join versions of Table 2, by the name of their source, to one row per method.

    Each measure has a column per source, such as `NMI (paper)`; NaN where a source lacks a method.
    Methods are matched by label and keep the order of the first table that has them.
    """
    methods = list(dict.fromkeys(label for table in tables.values() for label in table["Method"]))
    rows = {name: table.set_index("Method").reindex(methods) for name, table in tables.items()}
    columns = {
        f"{measure} ({name})": rows[name][measure].to_numpy(dtype=float)
        for measure in MEASURES
        for name in rows
    }
    return pd.DataFrame({"Method": methods} | columns)


def as_released(settings: dict) -> dict:
    """Return settings of a run, changed where the released code departs from the paper's text.

    13 MFCC means, words by each track's own frames, batches in the order of the tracks, one seed.
    """
    changed = copy.deepcopy(settings)
    changed["seeds"] = 1
    changed.setdefault("text", {})["thresholds"] = "track"
    for row in facts.spaces(changed).values():
        if row["kind"] == "mfcc":
            row["statistics"] = ["mean"]
        elif row["kind"] in kinds.kinds("networks"):
            row["shuffle"] = False
    return changed


def traits(settings: dict, method: dict) -> list[str]:
    """List the settings that decide the figures of a method, in a few words each.

    Only settings that concern it: features and sentences that its space is made from, training of
    its networks, whether they were shown genres, and the number of seeds if it is random. One that
    an older version lacked is left out. `method` is a row of `settings["methods"]`.
    """
    spaces = facts.spaces(settings)
    names = reversed(list(facts.lineage(settings, method["space"])))
    words, random = [], kinds.declared("clusterers", method["clusterer"], "RANDOM")
    for name in names:
        kind, row = spaces[name]["kind"], facts.settings(settings, name)
        is_network = facts.family_of(kind) == "networks"
        random = random or is_network or facts.declared(settings, name, "RANDOM")
        if kind == "mfcc":
            number = 13 * len(row["statistics"])
            words.append(f"{number} MFCC {'means' if row['statistics'] == ['mean'] else 'moments'}")
        elif kind == "sentence" and "thresholds" in settings.get("text", {}):
            words.append(f"words by {settings['text']['thresholds']}")
        elif is_network:
            words.append("shuffled" if row["shuffle"] else "unshuffled")
    if facts.condition(settings, method["space"]) in (GENRE, SUPERVISED):
        words.append("genres shown")
    if random and "seeds" in settings:
        words.append("one seed" if settings["seeds"] == 1 else f"{settings['seeds']} seeds")
    return list(dict.fromkeys(words))


def text_block(sentences: pd.DataFrame) -> dict:
    """Count tracks and distinct sentences, and measure the share of the commonest sentences."""
    counts = sentences["sentence"].value_counts()
    return {
        "Tracks": len(sentences),
        "Distinct sentences": len(counts),
        "Three commonest": float(counts.iloc[:COMMONEST].sum() / len(sentences)),
        "Commonest sentence": counts[counts == counts.max()].index.min(),
    }


def text_blocks(sentences: dict[str, pd.DataFrame], thresholds: dict[str, str]) -> pd.DataFrame:
    """Tabulate `text_block` of every run, one row each, with the thresholds of its words."""
    return pd.DataFrame(
        [
            {"Run": name, "Words by": thresholds[name], **text_block(table)}
            for name, table in sentences.items()
        ]
    )


def collapsed(table: pd.DataFrame) -> list[str]:
    """Say how few sentences the text block of the last run in `text_blocks` consists of."""
    row = table.iloc[-1]
    sentence = f"The text block of {row['Tracks']} tracks has {_coverage(row)}"
    if row["Three commonest"] > COLLAPSED:
        sentence += ": clusters in the hybrid space are these few sentences"
    return [f"{sentence}."]


def notes(printed: pd.DataFrame, runs: list[Run]) -> list[str]:
    """Explain a table by `side_by_side`: its measures, each run, and each row."""
    sentences = [
        f"Columns {PRINTED} are the paper's Table 2: 1,999 tracks of 18 genres, k = 8. Silhouettes "
        f"are measured in the {REFERENCE} space, whatever was clustered.",
        *(note for run in runs for note in run_notes(printed, run)),
        f"Differences of rows, by the settings of each method: {PRINTED} are those of the released "
        "code, where it departs from the paper's text.",
    ]
    rows = {label: row_note(label, runs) for label in printed["Method"]}
    sentences += [note for note in rows.values() if note]
    if absent := [label for label, note in rows.items() if not note]:
        sentences.append(f"In no run: {', '.join(absent)}.")
    return sentences


def run_notes(printed: pd.DataFrame, run: Run) -> list[str]:
    """Explain the figures of a run by its sentences, scores and intervals."""
    return [
        f"{run.name}: {sentence}."
        for sentence in (
            _on_text(run),
            _on_highest_silhouette(run),
            _on_own_silhouettes(run),
            _on_intervals(printed, run),
        )
        if sentence
    ]


def _on_text(run: Run) -> str:
    text = text_block(run.sentences)
    sentence = f"{text['Tracks']} tracks, k = {facts.table_k(run.settings)}; {_coverage(text)}"
    if text["Three commonest"] > COLLAPSED:
        sentence += (
            ", so the text block repeats a few rows, and a Silhouette in the hybrid space measures "
            "the distances between these rows"
        )
    return sentence


def _coverage(text: pd.Series | dict) -> str:
    return (
        f"{text['Distinct sentences']} distinct sentences, and the three commonest cover "
        f"{text['Three commonest']:.1%} of the tracks"
    )


def _on_highest_silhouette(run: Run) -> str:
    rows = run.agreement.merge(run.table2[["Method", "Silhouette"]], on="Method")
    rows = rows[rows["NMI"].notna() & rows["Silhouette"].notna()]
    if rows.empty:
        return "no agreement with genre to compare"
    top = rows.loc[rows["Silhouette"].idxmax()]
    return (
        f"the highest Silhouette is {top['Silhouette']:.3f}, that of {top['Method']}, with NMI "
        f"{top['NMI']:.3f}; shuffled genres have {top['Chance']:.3f}"
    )


def _on_own_silhouettes(run: Run) -> str | None:
    column = f"Silhouette ({REFERENCE})"
    if column not in run.internal:
        return None
    elsewhere = run.internal[run.internal["Space"] != REFERENCE]
    own, there = elsewhere["Silhouette (own)"], elsewhere[column]
    if not (own > there).any():
        return None
    most = (own - there).idxmax()
    return (
        f"{(own > there).sum()} of {len(elsewhere)} methods on other spaces have a higher "
        f"Silhouette in their own space than in the {REFERENCE} space, above all "
        f"{elsewhere.loc[most, 'Method']}: {own[most]:.3f}, not {there[most]:.3f}"
    )


def _on_intervals(printed: pd.DataFrame, run: Run) -> str | None:
    rows = printed.merge(run.agreement, on="Method", suffixes=(None, " here"))
    rows = rows[rows["NMI low"].notna()]
    if rows.empty:
        return None
    inside = rows.loc[rows["NMI"].between(rows["NMI low"], rows["NMI high"]), "Method"]
    return (
        f"the NMI {PRINTED} is within the run's 90 % interval for {len(inside)} of {len(rows)} "
        f"methods{': ' if len(inside) else ''}{', '.join(inside)}"
    )


def row_note(label: str, runs: list[Run]) -> str | None:
    """Compare the settings of a paper's method, as printed and in each run; None if in none."""
    rows = {run.name: _method(run.settings, label) for run in runs}
    having = [run for run in runs if rows[run.name]]
    if not having:
        return None
    method = rows[having[-1].name]
    halved = method["clusterer"] == HALF_RANDOM
    base = traits(as_released(having[-1].settings), method)
    parts = [", ".join([PRINTED, *base, *["half of the tracks in random clusters"] * halved])]
    for run in runs:
        if not rows[run.name]:
            parts.append(f"{run.name}, not in it")
            continue
        other = [trait for trait in traits(run.settings, rows[run.name]) if trait not in base]
        other += ["all tracks clustered"] * halved
        parts.append(", ".join([run.name, *(other or ["the same"])]))
    clustered = f" (clusters {method['space']})" if method["space"] != REFERENCE else ""
    return f"{label}{clustered}: {'; '.join(parts)}."


def _method(settings: dict, label: str) -> dict | None:
    """Return the row of the method with a label, if there is one."""
    return next((row for row in settings["methods"] if row["label"] == label), None)
