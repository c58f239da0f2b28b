"""Language as a batch effect: agreement with genre across languages against that with language.

Recordings differ between languages, so clusters may follow language alone and still agree with
genres that only one language has. Genres that all languages have separate the two.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from hybridmusic.clusterings.table import of_k
from hybridmusic.evaluation.estimate import Estimate
from hybridmusic.evaluation.mixing import shared_genres
from hybridmusic.evaluation.resampling import song_weights
from hybridmusic.evaluation.uncertainty import estimates
from hybridmusic.terms import ELSEWHERE, GENRE, LANGUAGE
from hybridmusic.tracks.conditions import effective

SCALED = "scaled"  # within each language (see `plan.spaces.adjectives`)
# Families of methods.
LEARNED, PLAIN, SHOWN = "learned", "plain", "shown the genres"
BROUGHT = "trained on other data"


class Labels:
    """Labels of tracks with resamples of their songs, which are the same for every clustering.

    `labels`, without unknown ones, and `songs` are by id; `resamples` is their number.
    """

    def __init__(self, labels: pd.Series, songs: pd.Series, resamples: int, seed: int):
        self.labels, self.songs = labels, songs.loc[labels.index]
        self.several = labels.nunique() > 1
        random = np.random.default_rng(seed)
        weights = song_weights(self.songs, resamples, random) if self.several else None
        self.weights = pd.DataFrame(weights, columns=np.unique(self.songs))

    def score(self, clustering: pd.DataFrame, ids: pd.Index) -> dict[str, Estimate]:
        """Return `ari`, `nmi` and `purity` of a clustering (`id`, `seed`, `cluster`) on `ids`."""
        labels = self.labels[self.labels.index.isin(ids)]
        songs = self.songs.loc[labels.index]
        weights = self.weights[np.unique(songs)].to_numpy()
        members = [
            estimates(clusters.loc[labels.index], labels, songs, weights)
            for _, clusters in clustering.set_index("id").groupby("seed")["cluster"]
        ]
        return {name: Estimate.mean(one[name] for one in members) for name in members[0]}


def described(
    names: list[str],
    labels: list[str],
    spaces: list[str],
    conditions: list[str],
    adjectives: list[str],
    learned: list[bool],
    tracks: pd.DataFrame,
) -> pd.DataFrame:
    """Return the `label`, `space`, `family` and `remedy` of methods, by name.

    `conditions` (labels or outside data) influenced each method or its space as
    `plan.spaces.adjectives` state; `learned` is true where a network is among its ancestors. Labels
    of `tracks` decide whether a condition takes effect. Conditioning on genre is no remedy, because
    genres reveal the language as well.
    """
    real = [effective(condition, tracks) for condition in conditions]
    families = [
        {GENRE: SHOWN, ELSEWHERE: BROUGHT}.get(condition, LEARNED if by_network else PLAIN)
        for condition, by_network in zip(real, learned, strict=True)
    ]
    remedies = [
        adjective if condition in (LANGUAGE, ELSEWHERE) else ""
        for adjective, condition in zip(adjectives, real, strict=True)
    ]
    columns = {"label": labels, "space": spaces, "family": families, "remedy": remedies}
    return pd.DataFrame(columns, index=pd.Index(names, name="method"))


def shared_labels(tracks: pd.DataFrame) -> pd.Series:
    """Return the genres that every language has, in lower case, by id like `tracks`."""
    genres = tracks["genre"].astype(object).where(tracks["genre"].notna(), None)
    shared = shared_genres(tracks["language"].to_numpy(), genres.to_numpy())
    return genres[shared].str.casefold()


def numbers_of_clusters(
    clusterings: dict[str, pd.DataFrame], tracks: pd.DataFrame, k: int
) -> list[int]:
    """Return Table 2's `k`, and the number of shared genres if all methods have that number too.

    Methods that find the number of clusters themselves do not count. Empty for one language.
    """
    if tracks["language"].nunique() < 2:
        return []
    numbers = [set(table["k"].dropna()) for table in clusterings.values()]
    common = set.intersection(*(ks for ks in numbers if ks)) if any(numbers) else set()
    return list(dict.fromkeys([k, *(common & {shared_labels(tracks).nunique()})]))


def compare(
    clusterings: dict[str, pd.DataFrame],
    methods: pd.DataFrame,
    tracks: pd.DataFrame,
    k: int,
    resamples: int,
    seed: int,
) -> pd.DataFrame:
    """Score every method against genre and against language for `k` clusters.

    Scores are means over seeds, with 90 % confidence intervals over songs. Differences in
    `shared_nmi` are paired, from the plain method on a space scaled within each language that has
    the highest `shared_nmi`. It was chosen by the same labels, which favours it. `methods` are of
    `described`; `tracks` has `genre`, `language` and `song` by id. Each method is a row of
    `language`, as far as there are labels to score.
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

        def nmi(labels: Labels, name=name) -> Estimate:
            return labels.score(chosen[name], ids[name])["nmi"]

        if everything.several:
            row["genre_nmi"] = nmi(everything).value
        if any(one.several for one in inside):
            row["inside_nmi"] = float(np.mean([nmi(one).value for one in inside if one.several]))
        if shared.several:
            row["shared_ari"] = shared.score(chosen[name], ids[name])["ari"].value
            row |= nmi(shared).columns("shared_nmi")
        if language.several:
            row |= nmi(language).columns("language_nmi")

    scaled = methods.index[methods["family"].eq(PLAIN) & methods["remedy"].eq(SCALED)]
    candidates = [name for name in scaled if name in rows]
    if candidates and shared.several:
        best = max(candidates, key=lambda name: rows[name]["shared_nmi"])
        for name in ids.keys() - {best}:
            common = ids[name].intersection(ids[best], sort=False)
            mine, other = (shared.score(chosen[one], common)["nmi"] for one in (name, best))
            rows[name] |= {"scaled": best} | (mine - other).columns("difference")
    return pd.DataFrame(rows.values())
