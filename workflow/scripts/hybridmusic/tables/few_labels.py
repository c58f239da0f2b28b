"""The table of what is learned from few labels, and what it says in words."""

from __future__ import annotations

import pandas as pd

from hybridmusic.tables.marks import MARK

WAYS = LATENT, CLASSIFIER, SVM, DIFFERENCE = ("latent", "classifier", "svm", "difference")
METRICS = NMI, ARI, ACCURACY = ("nmi", "ari", "accuracy")
COLUMNS = {
    "Latent NMI": (LATENT, NMI),
    "Classifier NMI": (CLASSIFIER, NMI),
    "SVM NMI": (SVM, NMI),
    "Classifier accuracy": (CLASSIFIER, ACCURACY),
    "SVM accuracy": (SVM, ACCURACY),
    "Difference": (DIFFERENCE, ACCURACY),
}
NOTHING = (
    "There are fewer than two genres, or no genre of two songs: there is nothing to learn from a "
    "few labels and to score on others."
)


def table(scores: pd.DataFrame) -> pd.DataFrame:
    """One row per share of labels, with intervals; `scores` is of the kind `few_labels`."""
    rows = []
    for (share, songs), of_share in scores.groupby(["share", "songs"]):
        row = {"Labels": share, "Songs": songs}
        of = of_share.set_index(["way", "metric"])[["value", "low", "high"]]
        for column, key in COLUMNS.items():
            value, low, high = of.loc[key] if key in of.index else [float("nan")] * 3
            row |= {column: value, f"{column} low": low, f"{column} high": high}
        rows.append(row)
    ends = ("", " low", " high")
    names = [f"{column}{end}" for column in COLUMNS for end in ends]
    return pd.DataFrame(rows, columns=["Labels", "Songs", *names])


def marked_shares(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its shares as text, marked where labels were seen."""
    return table.assign(Labels=[_share(share) for share in table["Labels"]])


def verdicts(scores: pd.DataFrame) -> list[str]:
    """In words, what labels change, and whether a VAE makes more of them than an SVM."""
    by = scores.set_index(["way", "metric", "share"]).sort_index()
    latent = by.loc[LATENT, NMI]
    steps = ", ".join(
        f"{row.value:.3f} with {_share(row.Index)} ({row.songs} songs)"
        if row.Index
        else f"{row.value:.3f} without labels"
        for row in latent.itertuples()
    )
    told = [
        f"On {scores['tracks'].iloc[0]} tracks of songs whose genre it was never told, K-Means on "
        f"the latent of a VAE reaches an NMI with genre of {steps}."
    ]
    if SVM not in by.index:
        return told
    gap = by.loc[DIFFERENCE, ACCURACY]
    ahead = [_share(share) for share in gap.index[gap["low"] > 0]]
    behind = [_share(share) for share in gap.index[gap["high"] < 0]]
    compared = "a support vector machine that was told the same songs and heard no others"
    if ahead:
        told.append(f"Its classifier is right more often than {compared} with {', '.join(ahead)}.")
    if behind:
        told.append(f"It is right less often than {compared} with {', '.join(behind)}.")
    if not ahead and not behind:
        told.append(f"Its classifier does not differ from {compared} beyond the interval.")
    return told


def notes(scores: pd.DataFrame) -> list[str]:
    """What a reader of the table has to know, one sentence each."""
    return [
        f"{MARK} was told the genres of this share of the songs, at least one of each genre, and "
        f"is scored on {scores['tracks'].iloc[0]} tracks of songs held out: their features were "
        "learned from, their genres were not. 100 % are all songs that are not held out.",
        "Latent: K-Means, as many clusters as genres, on the means of q(z | x). Classifier: what "
        "the VAE takes a track for. SVM: a support vector machine on the features of the tracks "
        "told, and nothing else. Difference: accuracy of the classifier less that of the SVM.",
        "Means over seeds, which decide what is told and how networks begin; intervals of 90 % "
        "over songs held out and seeds. NMI is above 0 by chance, and more so for few tracks.",
    ]


def _share(share: float) -> str:
    return f"{100 * share:g} %{MARK if share > 0 else ''}"
