"""Language as a batch effect: agreement with genre across languages against that with language.

Recordings differ between languages, so clusters may follow language alone and still agree with
genres that only one language has. Genres that all languages have separate the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hybridmusic.clusterings.table import of_k
from hybridmusic.evaluation import contingency
from hybridmusic.evaluation.estimate import Estimate, simultaneous
from hybridmusic.evaluation.halves import deviations, turn
from hybridmusic.evaluation.mixing import shared_genres
from hybridmusic.evaluation.resampling import codes
from hybridmusic.terms import ARI, ELSEWHERE, GENRE, LANGUAGE, NMI
from hybridmusic.tracks.conditions import effective

SCALED = "scaled"  # within each language (see `plan.spaces.adjectives`)
# Families of methods.
LEARNED, PLAIN, SHOWN = "learned", "plain", "shown the genres"
BROUGHT = "trained on other data"


@dataclass(frozen=True)
class Clusters:
    """Clusters of one method, by id: of each seed, and of each half of the tracks."""

    of_seeds: list[pd.Series]
    of_halves: list[pd.Series]

    @classmethod
    def of(cls, clustering: pd.DataFrame, refits: pd.DataFrame | None, halves: pd.DataFrame):
        """Select clusters of the tracks that are scored.

        Parameters
        ----------
        clustering : `id`, `seed` and `cluster` for one k
        refits : `id`, `half` and `cluster` for this k. If some half is missing, each half has the
            clusters of the whole collection
        halves : which tracks each half has, (halves, tracks) of bool, with ids as columns
        """
        of_seeds = [
            clusters for _, clusters in clustering.set_index("id").groupby("seed")["cluster"]
        ]
        again = {} if refits is None else dict(list(refits.set_index("id").groupby("half")))
        of_halves = []
        for half in range(len(halves)):
            clusters = of_seeds[turn(half, len(of_seeds))]
            ids = clusters.index[clusters.index.isin(halves.columns[halves.iloc[half]])]
            if len(again) == len(halves):
                clusters = again[half]["cluster"]
            of_halves.append(clusters[clusters.index.isin(ids)])
        return cls(of_seeds, of_halves)

    def score(self, labels: pd.Series, metric: str = NMI) -> float:
        """Score the agreement with `labels`, by id: a mean over seeds."""
        return float(np.mean([_score(clusters, labels, metric) for clusters in self.of_seeds]))

    def estimate(self, labels: pd.Series) -> Estimate:
        """Return the NMI with `labels`, by id, with its deviations."""
        of_halves = np.array([_score(clusters, labels, NMI) for clusters in self.of_halves])
        return Estimate(self.score(labels), deviations(of_halves), (0, 1))


def _score(clusters: pd.Series, labels: pd.Series, metric: str) -> float:
    """Score the tracks that are in both; NaN if there is none."""
    labels = labels[labels.index.isin(clusters.index)]
    if labels.empty:
        return np.nan
    cluster, label = codes(clusters.loc[labels.index]), codes(labels)
    shape = cluster.max() + 1, label.max() + 1
    return float(contingency.AGREEMENT[metric](contingency.tables(cluster, label, shape))[0])


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
    clusterings: Mapping[str, pd.DataFrame],
    refits: Mapping[str, pd.DataFrame],
    methods: pd.DataFrame,
    tracks: pd.DataFrame,
    halves: pd.DataFrame,
    k: int,
    seed: int,
) -> pd.DataFrame:
    """Score every method against genre and against language for `k` clusters.

    Scores are means over seeds, with 90 % confidence intervals from halves on which methods were
    fitted again. Differences in `shared_nmi` are paired, from the plain method on a space scaled
    within each language that has the highest `shared_nmi`. It was chosen by the same labels, which
    favours it. Their intervals hold for all methods together.

    Parameters
    ----------
    clusterings, refits : clusters of the whole collection and of halves, by method, for all k
    methods : of `described`
    tracks : `genre` and `language` by id
    halves : as in `Clusters.of`
    k : number of clusters
    seed : of the simultaneous intervals

    Returns
    -------
    `language` of the table schemas, as far as there are labels to score
    """
    genres, languages = tracks["genre"].dropna(), tracks["language"]
    inside = [one for _, one in genres.groupby(languages.loc[genres.index]) if one.nunique() > 1]
    shared = shared_labels(tracks)

    clusters = {}
    for name, table in clusterings.items():
        if len(chosen := of_k(table, k)):
            again = of_k(refits[name], k) if name in refits else None
            clusters[name] = Clusters.of(chosen, again, halves)
    rows = {name: {"method": name, **methods.loc[name], "k": k} for name in clusters}
    across = {}
    for name, row in rows.items():
        own = clusters[name]
        if genres.nunique() > 1:
            row["genre_nmi"] = own.score(genres)
        if inside:
            row["inside_nmi"] = float(np.mean([own.score(one) for one in inside]))
        if shared.nunique() > 1:
            across[name] = own.estimate(shared)
            row["shared_ari"] = own.score(shared, ARI)
            row |= across[name].columns("shared_nmi")
        if languages.nunique() > 1:
            row |= own.estimate(languages).columns("language_nmi")

    scaled = methods.index[methods["family"].eq(PLAIN) & methods["remedy"].eq(SCALED)]
    if candidates := [name for name in scaled if name in across]:
        best = max(candidates, key=lambda name: across[name].value)
        differences = {}
        for name in [name for name in across if name != best]:
            ids = [clusters[one].of_seeds[0].index for one in (name, best)]
            common = shared[shared.index.isin(ids[0]) & shared.index.isin(ids[1])]
            mine, other = (clusters[one].estimate(common) for one in (name, best))
            differences[name] = mine - other
        factor = simultaneous([*differences.values()], seed)
        for name, difference in differences.items():
            low, high = difference.interval(factor)
            rows[name] |= {"scaled": best, "difference": difference.value}
            rows[name] |= {"difference_low": low, "difference_high": high}
    return pd.DataFrame(rows.values())
