"""Runs beside each other and beside the paper's own Table 2, and why their figures differ."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import pandas as pd

from hybridmusic import kinds
from hybridmusic.plan import spaces as configuration
from hybridmusic.terms import GENRE, REFERENCE, SUPERVISED

MEASURES = ("Silhouette", "ARI", "NMI", "Purity")
# What the paper's column is called; no run can have a name with a space.
PRINTED = "as printed"
# Released code fits spectral clustering on half of the tracks and gives the others random clusters.
HALF_RANDOM = "spectral"
COMMONEST = 3
# Where so few sentences cover more than this, the text block has collapsed.
COLLAPSED = 0.5


@dataclass(frozen=True)
class Run:
    """What is compared of a run: its name, settings, tables for readers, and sentences."""

    name: str
    settings: dict
    table2: pd.DataFrame
    agreement: pd.DataFrame
    internal: pd.DataFrame
    sentences: pd.DataFrame


def side_by_side(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per method of any of `tables`, each a Table 2 by the name of its source.

    For every measure there is a column per source, `NMI (paper)`; NaN where a source lacks a
    method. Methods are told by their labels and keep the order of the first table that has them.
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
    """The settings of a run changed to what the released code does, where it departs from the text.

    13 MFCC means, words by each track's own frames, batches in the order of the tracks, one seed.
    """
    changed = copy.deepcopy(settings)
    changed["seeds"] = 1
    changed["text"]["thresholds"] = "track"
    for row in configuration.spaces(changed).values():
        if row["kind"] == "mfcc":
            row["statistics"] = ["mean"]
        elif row["kind"] in kinds.kinds("networks"):
            row["shuffle"] = False
    return changed


def traits(settings: dict, method: dict) -> list[str]:
    """What decides the figures of a method (a row of `settings['methods']`), in a few words each.

    Only what concerns it: the features and sentences that its space is made of, the training of
    the networks on the way, whether genres are shown, and how many seeds there are if it is random.
    """
    spaces = configuration.spaces(settings)
    lineage = list(configuration.lineage(settings, method["space"]))
    steps = [spaces[name] for name in reversed(lineage)]
    found, random = [], kinds.declared("clusterers", method["clusterer"], "RANDOM")
    for step in steps:
        family = configuration.family_of(step["kind"])
        row = kinds.settings(family, step["kind"], step)
        random = random or family == "networks" or kinds.declared(family, step["kind"], "RANDOM")
        if step["kind"] == "mfcc":
            number = 13 * len(row["statistics"])
            found.append(f"{number} MFCC {'means' if row['statistics'] == ['mean'] else 'moments'}")
        elif step["kind"] == "sentence":
            found.append(f"words by {settings['text']['thresholds']}")
        elif family == "networks":
            found.append("shuffled" if row["shuffle"] else "unshuffled")
    if configuration.condition(settings, method["space"]) in (GENRE, SUPERVISED):
        found.append("genres shown")
    if random:
        found.append("one seed" if settings["seeds"] == 1 else f"{settings['seeds']} seeds")
    return list(dict.fromkeys(found))


def text_block(sentences: pd.DataFrame) -> dict:
    """How many tracks and distinct sentences there are, and what the commonest ones cover, 0..1."""
    counts = sentences["sentence"].value_counts()
    return {
        "Tracks": len(sentences),
        "Distinct sentences": len(counts),
        "Three commonest": float(counts.iloc[:COMMONEST].sum() / len(sentences)),
        "Commonest sentence": counts[counts == counts.max()].index.min(),
    }


def text_blocks(sentences: dict[str, pd.DataFrame], thresholds: dict[str, str]) -> pd.DataFrame:
    """`text_block` of every run, one row each, and what its words are measured by."""
    return pd.DataFrame(
        [
            {"Run": name, "Words by": thresholds[name], **text_block(table)}
            for name, table in sentences.items()
        ]
    )


def collapsed(table: pd.DataFrame) -> list[str]:
    """In words, how few sentences the text block of the last run in `text_blocks` is made of."""
    row = table.iloc[-1]
    told = (
        f"The text block of {row['Tracks']} tracks is {row['Distinct sentences']} distinct "
        f"sentences; the three commonest cover {row['Three commonest']:.1%} of the tracks"
    )
    if row["Three commonest"] > COLLAPSED:
        told += ": what clusters in the hybrid space is these few rows"
    return [f"{told}."]


def notes(printed: pd.DataFrame, runs: list[Run]) -> list[str]:
    """What a reader of `side_by_side` has to know: of the measures, each run, and each row."""
    found = [
        f"Columns {PRINTED} are the paper's Table 2: 1,999 tracks of 18 genres, k = 8. Silhouettes "
        f"are measured in the {REFERENCE} space, whatever was clustered.",
        *(note for run in runs for note in run_notes(printed, run)),
        f"Why rows differ, by what each is made of; {PRINTED} is what the released code does where "
        "it departs from the paper's text.",
    ]
    rows = {label: row_note(label, runs) for label in printed["Method"]}
    found += [note for note in rows.values() if note]
    if absent := [label for label, note in rows.items() if not note]:
        found.append(f"In no run: {', '.join(absent)}.")
    return found


def run_notes(printed: pd.DataFrame, run: Run) -> list[str]:
    """What the figures of a run are made of, from its sentences, scores and intervals."""
    text = text_block(run.sentences)
    k = configuration.table_k(run.settings)
    told = (
        f"{run.name}: {text['Tracks']} tracks, k = {k}; {text['Distinct sentences']} distinct "
        f"sentences, the three commonest cover {text['Three commonest']:.1%} of the tracks"
    )
    if text["Three commonest"] > COLLAPSED:
        told += (
            ", so the text block is a few rows over and over, and a Silhouette in the hybrid space "
            "tells how far these lie apart"
        )
    found = [f"{told}."]
    both = run.agreement.merge(run.table2[["Method", "Silhouette"]], on="Method")
    both = both[both["NMI"].notna() & both["Silhouette"].notna()]
    if len(both):
        top = both.loc[both["Silhouette"].idxmax()]
        found.append(
            f"{run.name}: the highest Silhouette, {top['Silhouette']:.3f}, is that of "
            f"{top['Method']}, with NMI {top['NMI']:.3f}; shuffled genres give {top['Chance']:.3f}."
        )
    else:
        found.append(f"{run.name}: no agreement with genre to compare.")
    elsewhere = run.internal[run.internal["Space"] != REFERENCE]
    own = elsewhere["Silhouette (own)"]
    there = elsewhere[f"Silhouette ({REFERENCE})"]
    if (own > there).any():
        most = (own - there).idxmax()
        found.append(
            f"{run.name}: {(own > there).sum()} of {len(elsewhere)} methods that cluster another "
            "space have a higher Silhouette in that, above all "
            f"{elsewhere.loc[most, 'Method']}: {own[most]:.3f}, not {there[most]:.3f}."
        )
    both = printed.merge(run.agreement, on="Method", suffixes=(None, " here"))
    both = both[both["NMI low"].notna()]
    if len(both):
        inside = both.loc[both["NMI"].between(both["NMI low"], both["NMI high"]), "Method"]
        found.append(
            f"{run.name}: the NMI {PRINTED} lies in its 90 % interval for {len(inside)} of "
            f"{len(both)} methods{': ' if len(inside) else ''}{', '.join(inside)}."
        )
    return found


def row_note(label: str, runs: list[Run]) -> str | None:
    """What a method of the paper was made of as printed, and what is otherwise in each run.

    None where no run has the method.
    """
    rows = {run.name: _method(run.settings, label) for run in runs}
    having = [run for run in runs if rows[run.name]]
    if not having:
        return None
    method = rows[having[-1].name]
    halved = method["clusterer"] == HALF_RANDOM
    base = traits(as_released(having[-1].settings), method)
    told = [", ".join([PRINTED, *base, *["half of the tracks in random clusters"] * halved])]
    for run in runs:
        if not rows[run.name]:
            told.append(f"{run.name}, not in it")
            continue
        other = [trait for trait in traits(run.settings, rows[run.name]) if trait not in base]
        other += ["all tracks clustered"] * halved
        told.append(", ".join([run.name, *(other or ["the same"])]))
    away = method["space"] != REFERENCE
    clustered = f" (clusters {method['space']})" if away else ""
    return f"{label}{clustered}: {'; '.join(told)}."


def _method(settings: dict, label: str) -> dict | None:
    """The row of the method with a label, if there is one."""
    return next((row for row in settings["methods"] if row["label"] == label), None)
