"""The table of learning from few labels: a VAE and a support vector machine on held-out songs."""

from __future__ import annotations

import pandas as pd

from hybridmusic.tables.marks import MARK
from hybridmusic.terms import ACCURACY, CLASSIFIER, DIFFERENCE, LATENT, NMI, SVM

COLUMNS = {
    "Latent NMI": (LATENT, NMI),
    "Classifier NMI": (CLASSIFIER, NMI),
    "SVM NMI": (SVM, NMI),
    "Classifier accuracy": (CLASSIFIER, ACCURACY),
    "SVM accuracy": (SVM, ACCURACY),
    "Difference": (DIFFERENCE, ACCURACY),
}
ENDS = {"": "value", " low": "low", " high": "high"}
NOTHING = (
    "There are fewer than two genres, or no genre of two songs, so there is nothing to learn from "
    "few labels and to score on other songs."
)


def table(scores: pd.DataFrame) -> pd.DataFrame:
    """Tabulate `few_labels` scores with their intervals, one row per share of labels."""
    rows = []
    for (share, songs), of_share in scores.groupby(["share", "songs"]):
        row = {"Labels": share, "Songs": songs}
        by_way = of_share.set_index(["way", "metric"])
        for column, key in COLUMNS.items():
            if key in by_way.index:
                row |= {f"{column}{end}": by_way.loc[key, name] for end, name in ENDS.items()}
        rows.append(row)
    names = [f"{column}{end}" for column in COLUMNS for end in ENDS]
    return pd.DataFrame(rows, columns=["Labels", "Songs", *names])


def marked_shares(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its shares as text, marked if labels were seen."""
    return table.assign(Labels=[_share(share) for share in table["Labels"]])


def verdicts(scores: pd.DataFrame) -> list[str]:
    """Say how labels change the latent, and whether the VAE does better than an SVM."""
    rows = scores.set_index(["way", "metric", "share"]).sort_index()
    steps = ", ".join(
        f"{row.value:.3f} with {_share(row.Index)} ({row.songs} songs)"
        if row.Index
        else f"{row.value:.3f} without labels"
        for row in rows.loc[LATENT, NMI].itertuples()
    )
    sentences = [
        f"On {scores['tracks'].iloc[0]} tracks of songs whose genre was held out, K-Means on the "
        f"latent of a VAE reaches an NMI with genre of {steps}."
    ]
    if SVM not in rows.index:
        return sentences
    gap = rows.loc[DIFFERENCE, ACCURACY]
    ahead = [_share(share) for share in gap.index[gap["low"] > 0]]
    behind = [_share(share) for share in gap.index[gap["high"] < 0]]
    svm = "a support vector machine trained on the same labelled songs and no others"
    if ahead:
        sentences.append(f"Its classifier is right more often than {svm} with {', '.join(ahead)}.")
    if behind:
        sentences.append(f"It is right less often than {svm} with {', '.join(behind)}.")
    if not ahead and not behind:
        sentences.append(f"Its classifier does not differ from {svm} beyond the interval.")
    return sentences


def notes(scores: pd.DataFrame) -> list[str]:
    """Explain the table, one sentence each."""
    return [
        f"{MARK} was shown the genres of this share of the songs, at least one of each genre, and "
        f"is scored on {scores['tracks'].iloc[0]} tracks of held-out songs. Their features were "
        "used in training, their genres were not. 100 % are all songs that are not held out.",
        "Latent: K-Means, as many clusters as genres, on the means of q(z | x). Classifier: the "
        "genre that the VAE predicts. SVM: a support vector machine on the features of the "
        "labelled tracks only. Difference: accuracy of the classifier minus that of the SVM.",
        "Means over seeds, which choose the labelled songs and initialise the networks; intervals "
        "of 90 % over held-out songs and seeds. NMI is above 0 by chance, and more so for few "
        "tracks.",
    ]


def _share(share: float) -> str:
    return f"{100 * share:g} %{MARK if share > 0 else ''}"
