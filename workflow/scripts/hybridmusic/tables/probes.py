"""Table of probes: genre and language predicted from spaces and from recordings."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from hybridmusic.studies.probes import (
    GIVEN,
    LABELS,
    LOGISTIC,
    MOST_TRACKS,
    NEIGHBOURS,
    SCALED,
    SVM,
    K,
)
from hybridmusic.tables.marks import MARKS, MEANINGS
from hybridmusic.tables.sheet import ABSENT, DOUBT
from hybridmusic.tables.sheet import LANGUAGE as HEADING
from hybridmusic.terms import LANGUAGE

# Names of the probes in columns and in sentences.
NAMES = {LOGISTIC: "Logistic", NEIGHBOURS: "k-NN", SVM: "SVM"}
SPOKEN = {LOGISTIC: "logistic regression", NEIGHBOURS: "k-NN", SVM: "the SVM"}
# Accuracies of logistic regression in other folds, and their columns.
OTHER = {"by_song": "Logistic (song folds)", "published": "Logistic (published split)"}
SURE = 0.05  # a probe with a p at most this differs from its null
# A null whose 95th percentile is further above its mean hides much, such as .6 of two languages.
WIDEST = 0.1
SOURCE = ["label", "kind", "name"]


def table(probes: pd.DataFrame, labels: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tabulate probes: a row for each label, and space by its marked label or trait of recordings.

    Returns the table and its deviations over folds, of the same columns.
    """
    others = [name for name in OTHER if probes[name].notna().any()]
    order = {label: number for number, label in enumerate(LABELS)}
    rows, spreads = [], []
    groups = sorted(probes.groupby(SOURCE, sort=False), key=lambda group: order[group[0][0]])
    for (label, kind, name), group in groups:
        source = labels[name] if kind == "space" else f"recording: {name}"
        row, spread = {"Label": label, "Read from": source}, {}
        results = group.set_index("probe")
        for probe, column in NAMES.items():
            result = results.loc[probe]
            row[column], spread[column] = result["accuracy"], result["deviation"]
            row[f"{column} (chance)"], row[f"p ({column})"] = result["chance"], result["p"]
            row |= {OTHER[name]: result[name] for name in others if probe == LOGISTIC}
        rows.append(row | {"Null": results["null_kind"].iloc[0]})
        spreads.append(spread)
    columns = ["Label", "Read from"]
    for column in NAMES.values():
        columns += [column, f"{column} (chance)", f"p ({column})"]
        columns += [OTHER[name] for name in others if column == NAMES[LOGISTIC]]
    shown = pd.DataFrame(rows, columns=[*columns, "Null"])
    return shown, pd.DataFrame(spreads, columns=shown.columns, index=shown.index)


def verdicts(probes: pd.DataFrame) -> dict[str, list[str]]:
    """State how well each label is predicted, or is absent, and which spaces language is out of."""
    accuracies, absent = [], []
    for label in LABELS:
        rows = probes[probes["label"] == label]
        if rows.empty:
            absent.append(f"No two kinds of {label} have two songs each, so none can be predicted.")
            continue
        best = []
        for kind, source in (("recording", "the recording alone"), ("space", "the space {}")):
            candidates = rows[rows["kind"].eq(kind) & (rows["name"].eq("all") | (kind == "space"))]
            for row in candidates.nlargest(1, "accuracy").itertuples():
                best.append(
                    f"{row.accuracy:.2f} from {source.format(row.name)} by {SPOKEN[row.probe]} "
                    f"(chance {row.chance:.2f}, p {row.p:.3f})"
                )
        accuracies.append(f"Highest balanced accuracy of {label}: {', '.join(best)}.")
        accuracies += _in_other_folds(rows)
    return {DOUBT: accuracies, HEADING: list(_of_language(probes)), ABSENT: absent}


def _in_other_folds(rows: pd.DataFrame) -> Iterable[str]:
    """Compare the best space by logistic regression with its accuracy in other folds."""
    spaces = rows[rows["kind"].eq("space") & rows["probe"].eq(LOGISTIC)]
    for row in spaces.nlargest(1, "accuracy").itertuples():
        said = {
            "with folds by song, where an artist may be in training and in test": row.by_song,
            "on the test fold of the published split, without faulty files": row.published,
        }
        if known := [f"{value:.2f} {where}" for where, value in said.items() if pd.notna(value)]:
            yield (
                f"Logistic regression predicts {row.label} from the space {row.name} with "
                f"{row.accuracy:.2f}; {', '.join(known)}."
            )


def _of_language(probes: pd.DataFrame) -> Iterable[str]:
    """Yield which spaces language is out of, and which remedies leave it in.

    Language is out if no probe exceeds its null, if the null repeats what used the label, and if
    the null is narrow enough for a probe to have exceeded it.
    """
    spaces = probes[probes["kind"].eq("space") & probes["label"].eq(LANGUAGE)]
    if spaces.empty:
        return
    seen = spaces[spaces["p"] <= SURE]
    unseen = spaces[~spaces["name"].isin(seen["name"])]
    given = unseen["null_kind"].eq(GIVEN)
    width = unseen["chance_high"] - unseen["chance"]
    wide = width.groupby(unseen["name"]).transform("max") > WIDEST
    out, blurred = unseen[~given & ~wide], unseen[~given & wide]
    if len(out):
        yield (
            f"Language is out of these spaces, as far as three probes can see: {_names(out)}. "
            f"Accuracies up to {out['chance_high'].max():.2f} are within chance."
        )
    else:
        yield "Language is not shown to be out of any space."
    if len(blurred):
        yield (
            f"Too few songs to see whether language is out of {_names(blurred)}: accuracies up to "
            f"{blurred['chance_high'].max():.2f} are within chance."
        )
    if given.any():
        yield (
            f"No probe exceeds chance in {_names(unseen[given])}, made with labels that the null "
            "does not shuffle, so nothing follows."
        )
    left = seen[seen["null_kind"].eq(SCALED)]
    for name, rows in left.groupby("name", sort=False):
        found = ", ".join(
            f"{SPOKEN[row.probe]} {row.accuracy:.2f} (chance {row.chance:.2f})"
            for row in rows.itertuples()
        )
        yield f"Scaling within each language leaves language in {name}: {found}."


def _names(rows: pd.DataFrame) -> str:
    return ", ".join(rows["name"].unique())


def notes(probes: pd.DataFrame, labels: Iterable[str]) -> list[str]:
    """Explain the columns, and the marks that `labels` of spaces end with, one sentence each."""
    labels = list(labels)
    shuffles = probes.groupby("probe")["shuffles"].max()
    numbers = ", ".join(
        f"{shuffles[probe]} for {SPOKEN[probe]} (p at least {1 / (1 + shuffles[probe]):.3f})"
        for probe in NAMES
        if probe in shuffles
    )
    kinds = set(probes["null_kind"])
    said = [
        "Balanced accuracy on held-out songs (first seed), ± its standard deviation over folds: "
        f"logistic regression, the majority of {K} nearest neighbours (k-NN), and a support vector "
        "machine with a Gaussian kernel. Features are standardised by the training songs of each "
        "fold. Labels of a single song are left out, and so are traits that do not vary."
    ]
    if numbers:
        said.append(
            f"Chance and p: labels shuffled over songs, {numbers}. With more than {MOST_TRACKS:,} "
            "tracks, songs are sampled."
        )
    if probes["by_song"].notna().any():
        said.append(
            "Song folds: folds by song in place of artists. Where they are higher, the space says "
            "who plays, and so the genre of other songs by the same artists."
        )
    if probes["published"].notna().any():
        said.append(
            "Published split: trained on all folds but test, scored on test; tracks without a fold "
            "are left out."
        )
    if SCALED in kinds:
        said.append(
            "Scaled again: the space is its parent scaled within each language. It is scaled again "
            "in each fold, by the training songs alone, and for each shuffle."
        )
    if GIVEN in kinds:
        said.append(
            "Given this space: the space was made with labels, and is not made again for each "
            "shuffle. Its chance and p hold for the space as it is."
        )
    said.append(
        "Recording: traits of the file rather than of the music, such as its size, sampling rate, "
        "codec and level. Where they predict a label, a space may predict it without any music."
    )
    ends = [mark for mark in MARKS.values() if any(label.endswith(mark) for label in labels)]
    return said + [f"{mark} {MEANINGS[seen]}." for seen, mark in MARKS.items() if mark in ends]
