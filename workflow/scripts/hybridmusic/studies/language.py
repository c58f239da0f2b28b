"""Language as a batch effect: agreement with genre across languages beside that with language.

Recording chain, codec and era differ between languages, so clusters may follow language alone and
still agree with genres that only one language has. Genres that all have tell the two apart.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from hybridmusic.clusterings.table import of_k
from hybridmusic.evaluation.mixing import shared_genres
from hybridmusic.evaluation.resampling import interval, song_weights
from hybridmusic.evaluation.uncertainty import resampled_scores
from hybridmusic.tables.marks import marked
from hybridmusic.tables.sheet import around
from hybridmusic.terms import ELSEWHERE
from hybridmusic.tracks.conditions import effective

SCALED = "scaled"  # within each language, in the words of `config.TOLD_BY`
LEARNED, PLAIN, SHOWN = "learned", "plain", "shown the genres"
BROUGHT = "trained on other data"
NONE = "–"
# Column of the table, and where it comes from.
COLUMNS = {
    "NMI (all genres)": "genre_nmi",
    "NMI (in language)": "inside_nmi",
    "ARI (shared)": "shared_ari",
    "NMI (shared)": "shared_nmi",
    "NMI (shared) low": "shared_nmi_low",
    "NMI (shared) high": "shared_nmi_high",
    "Language NMI": "language_nmi",
    "Language NMI low": "language_nmi_low",
    "Language NMI high": "language_nmi_high",
}
MEASURES = {"Language Silhouette": "language_silhouette", "Language mixing": "language_mixing"}
ONE_LANGUAGE = "All tracks are of one language, so there is no language to tell from genre."
NOT_SHARED = (
    "Fewer than two genres are common to all languages, so agreement across them cannot be told."
)


class Agreement(NamedTuple):
    """A score, mean over seeds, and the same on resamples of songs, (n,)."""

    value: float
    resampled: np.ndarray


class Labels:
    """Labels of tracks, and resamples of their songs that are the same for every clustering.

    `labels` is by id, without unknown ones; `songs` has these ids and perhaps more.
    """

    def __init__(self, labels: pd.Series, songs: pd.Series, resamples: int, seed: int):
        self.labels, self.songs = labels, songs.loc[labels.index]
        self.two = labels.nunique() > 1
        random = np.random.default_rng(seed)
        weights = song_weights(self.songs, resamples, random) if self.two else None
        self.weights = pd.DataFrame(weights, columns=np.unique(self.songs))

    def score(self, clustering: pd.DataFrame, among: pd.Index) -> dict[str, Agreement]:
        """`ari`, `nmi` and `purity` of a clustering (`id`, `seed`, `cluster`) on ids `among`."""
        labels = self.labels[self.labels.index.isin(among)]
        songs = self.songs.loc[labels.index]
        weights = self.weights[np.unique(songs)].to_numpy()
        # Every song once is no resample but the collection itself.
        weights = np.vstack([np.ones(weights.shape[1], dtype=int), weights])
        members = [
            resampled_scores(clusters.loc[labels.index], labels, songs, weights)
            for _, clusters in clustering.set_index("id").groupby("seed")["cluster"]
        ]
        means = {name: np.mean([one[name] for one in members], axis=0) for name in members[0]}
        return {name: Agreement(float(mean[0]), mean[1:]) for name, mean in means.items()}


def described(
    names: list[str],
    labels: list[str],
    spaces: list[str],
    conditions: list[str],
    told: list[str],
    learned: list[bool],
    tracks: pd.DataFrame,
) -> pd.DataFrame:
    """Methods as `label`, `space`, `family` and `remedy` by name.

    `conditions` is what the spaces are asked to be told, and `told` what they then are (see
    `config.told`); `tracks`, with `genre` and `language`, decide what is really done. What is
    told the genres is no remedy, for they tell the language as well.
    """
    given = [effective(condition, tracks) for condition in conditions]
    families = [
        {"genre": SHOWN, ELSEWHERE: BROUGHT}.get(label, LEARNED if by_network else PLAIN)
        for label, by_network in zip(given, learned, strict=True)
    ]
    marks = [marked(*pair, tracks) for pair in zip(labels, conditions, strict=True)]
    remedies = [
        word if label in ("language", ELSEWHERE) else ""
        for word, label in zip(told, given, strict=True)
    ]
    columns = {"label": marks, "space": spaces, "family": families, "remedy": remedies}
    return pd.DataFrame(columns, index=pd.Index(names, name="method"))


def shared_labels(tracks: pd.DataFrame) -> pd.Series:
    """By id, genres that every language has, their names without case; `tracks` are by id."""
    genres = tracks["genre"].astype(object).where(tracks["genre"].notna(), None)
    shared = shared_genres(tracks["language"].to_numpy(), genres.to_numpy())
    return genres[shared].str.casefold()


def compare(
    clusterings: dict[str, pd.DataFrame],
    methods: pd.DataFrame,
    tracks: pd.DataFrame,
    k: int,
    resamples: int,
    seed: int,
) -> pd.DataFrame:
    """Agreement with genre and with language of every method, one row each, for `k` clusters.

    `methods` is as `described` has it, and `tracks` has `genre`, `language` and `song` by id.
    Scores are means over seeds, intervals of 90 % over songs. Differences in `shared_nmi` are from
    the plain method of a space scaled within each language where that is highest, on the same
    resamples; the choice by the same labels favours it. Columns are those of `language`
    in the table schemas; what there is nothing to agree with for is NaN.
    """
    genres = tracks["genre"].dropna()
    everything = Labels(genres, tracks["song"], 0, seed)
    inside = [
        Labels(genres[tracks["language"].loc[genres.index] == one], tracks["song"], 0, seed)
        for one in sorted(tracks["language"].unique())
    ]
    shared = Labels(shared_labels(tracks), tracks["song"], resamples, seed)
    language = Labels(tracks["language"], tracks["song"], resamples, seed)

    chosen = {name: of_k(table, k) for name, table in clusterings.items()}
    ids = {name: pd.Index(table["id"].unique()) for name, table in chosen.items() if len(table)}
    rows = {name: {"method": name, **methods.loc[name], "k": k} for name in ids}
    for name, row in rows.items():

        def nmi(labels: Labels, name=name) -> Agreement:
            return labels.score(chosen[name], ids[name])["nmi"]

        if everything.two:
            row["genre_nmi"] = nmi(everything).value
        if any(one.two for one in inside):
            row["inside_nmi"] = float(np.mean([nmi(one).value for one in inside if one.two]))
        if shared.two:
            row["shared_ari"] = shared.score(chosen[name], ids[name])["ari"].value
            row |= _around("shared_nmi", nmi(shared))
        if language.two:
            row |= _around("language_nmi", nmi(language))

    scaled = methods.index[methods["family"].eq(PLAIN) & methods["remedy"].eq(SCALED)]
    candidates = [name for name in scaled if name in rows]
    if candidates and shared.two:
        best = max(candidates, key=lambda name: rows[name]["shared_nmi"])
        for name in ids.keys() - {best}:
            common = ids[name].intersection(ids[best], sort=False)
            mine, other = (shared.score(chosen[one], common)["nmi"] for one in (name, best))
            gap = Agreement(mine.value - other.value, mine.resampled - other.resampled)
            rows[name] |= {"scaled": best} | _around("difference", gap)
    return pd.DataFrame(rows.values())


def _around(name: str, score: Agreement) -> dict[str, float]:
    low, high = interval(score.resampled, score.value)
    return {name: score.value, f"{name}_low": low, f"{name}_high": high}


def table(compared: pd.DataFrame, spaces: pd.DataFrame) -> pd.DataFrame:
    """For readers, one row per method and k of `compared`, a table of the kind `language`.

    `spaces` is the tidy table of what was measured of spaces, here means over seeds.
    """
    means = spaces.groupby(["metric", "space"])["value"].mean()
    found = {"Method": compared["label"], "k": compared["k"], "Space": compared["space"]}
    found["Remedy"] = compared["remedy"].where(compared["remedy"] != "", NONE)
    found |= {column: compared[name].astype(float) for column, name in COLUMNS.items()}
    for column, metric in MEASURES.items():
        found[column] = compared["space"].map(means.get(metric, {})).astype(float)
    return pd.DataFrame(found)


def notes(compared: pd.DataFrame, tracks: pd.DataFrame, k: int) -> list[str]:
    """What a reader of the table has to know, one sentence each; `k` is Table 2's."""
    if tracks["language"].nunique() < 2:
        return [ONE_LANGUAGE]
    shared = shared_labels(tracks)
    found = [
        "Language NMI and language Silhouette (of the space that was clustered) are low, and "
        "language mixing is near 1, where clusters and neighbours do not tell the languages apart.",
        "In language: mean over languages of the NMI with genre among the tracks of one.",
        "Remedies take language out of the space: scaled within each language, conditioned on "
        "language, made independent of it, or made of a graph in which every track has as many "
        "neighbours of each language (balanced).",
    ]
    if shared.nunique() < 2:
        return [*found, NOT_SHARED]
    names = ", ".join(sorted(shared.unique()))
    also = sorted(set(compared["k"]) - {k})
    found.insert(
        0,
        f"Shared: the {len(shared)} tracks of genres that all languages have, names without case "
        f"({names}); the others cannot show agreement across languages. "
        + (
            f"Clusterings are of all tracks, for k = {k} and for as many clusters as genres are "
            f"shared, k = {also[0]}."
            if also
            else f"Clusterings are those of all tracks, k = {k}, scored on these."
        ),
    )
    return [
        *found,
        "Means over seeds; the intervals are over songs. NMI is above 0 by chance; ARI is not.",
    ]


def verdicts(compared: pd.DataFrame, k: int) -> list[str]:
    """In words, whether what was learned does better than scaling within each language."""
    rows = compared[compared["k"] == k].set_index("method")
    if rows["scaled"].isna().all():
        return []
    best = rows.loc[rows["scaled"].dropna().iloc[0]]
    told = (
        f"Of the spaces scaled within each language, {best['label']} agrees best on shared genres: "
        f"NMI {around(best, 'shared_nmi')}, with language {best['language_nmi']:.3f}."
    )
    learned = rows[rows["family"].eq(LEARNED) & rows["difference"].notna()]
    if learned.empty:
        return [told]
    ahead = learned[learned["difference_low"] > 0]
    if len(ahead):
        named = ", ".join(
            f"{row.label} (with language {row.language_nmi:.3f})" for row in ahead.itertuples()
        )
        return [told, f"Learned without genres, and better beyond the paired interval: {named}."]
    top = learned.loc[learned["difference"].idxmax()]
    return [
        told,
        "Nothing learned without genres is better beyond the paired interval: the nearest, "
        f"{top['label']}, differs by {around(top, 'difference')}; its NMI with language is "
        f"{top['language_nmi']:.3f}.",
    ]
