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


def distinct(scores: pd.DataFrame) -> pd.DataFrame:
    """Keep the least of the shares that show the same songs; `up_to` is the greatest.

    A larger share shows the songs of a smaller one too, so as many songs are the same. In a small
    collection these are one of each genre, whatever the share.
    """
    shares = scores.groupby("songs")["share"]
    return scores.assign(up_to=shares.transform("max"))[scores["share"] == shares.transform("min")]


def share_names(scores: pd.DataFrame) -> dict[float, str]:
    """Return the name of each share of `distinct` scores, in order, such as "1 % to 10 %"."""
    pairs = scores.groupby("share")["up_to"].first().items()
    return {
        share: " to ".join(f"{100 * end:g} %" for end in dict.fromkeys((share, up_to)))
        for share, up_to in pairs
    }


def table(scores: pd.DataFrame) -> pd.DataFrame:
    """Tabulate `few_labels` scores with their intervals, one row per share with other songs."""
    rows = []
    for (share, up_to, songs), of_share in distinct(scores).groupby(["share", "up_to", "songs"]):
        row = {"Labels": share, "Labels up to": up_to, "Songs": songs}
        by_way = of_share.set_index(["way", "metric"])
        for column, key in COLUMNS.items():
            if key in by_way.index:
                row |= {f"{column}{end}": by_way.loc[key, name] for end, name in ENDS.items()}
        rows.append(row)
    names = [f"{column}{end}" for column in COLUMNS for end in ENDS]
    return pd.DataFrame(rows, columns=["Labels", "Labels up to", "Songs", *names])


def marked_shares(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its shares as text, marked if labels were seen."""
    names = _marked(table.rename(columns={"Labels": "share", "Labels up to": "up_to"}))
    return table.drop(columns="Labels up to").assign(Labels=names.values())


def verdicts(scores: pd.DataFrame) -> list[str]:
    """Say how labels change the latent, and whether the VAE does better than an SVM."""
    scores = distinct(scores)
    names = _marked(scores)
    rows = scores.set_index(["way", "metric", "share"]).sort_index()
    steps = ", ".join(
        f"{row.value:.3f} with {names[row.Index]} ({row.songs} songs)"
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
    ahead = [names[share] for share in gap.index[gap["low"] > 0]]
    behind = [names[share] for share in gap.index[gap["high"] < 0]]
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
        "Means over seeds, which choose the labelled songs and initialise the networks. Intervals "
        "are of 90 % over held-out songs and seeds, given these networks and clusters: nothing is "
        "trained again here, so the intervals are too narrow. NMI is above 0 by chance, and more "
        "so for few tracks.",
        "Shares that show the same songs, one of each genre in a small collection, are one row.",
    ]


def _marked(scores: pd.DataFrame) -> dict[float, str]:
    """Return the names of shares, marked if labels were seen."""
    names = share_names(scores).items()
    return {share: f"{name}{MARK if share > 0 else ''}" for share, name in names}
