"""Uncertainty of agreement with labels: intervals, permutation nulls and comparisons.

Noise, -1, counts as one more cluster. The caller leaves out tracks without a label.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from scipy.sparse import coo_array

from hybridmusic.evaluation import contingency
from hybridmusic.evaluation.estimate import Estimate, simultaneous
from hybridmusic.evaluation.halves import deviations, halves, strata, turn
from hybridmusic.evaluation.resampling import against_chance, codes, parts, shuffles
from hybridmusic.terms import ALL, CLUSTERS, NOTHING

ABSENT = np.iinfo(np.int64).min  # the cluster of a track that a method does not cluster
# Measures of agreement and their bounds. AMI corrects for chance by itself.
BOUNDS = {"nmi": (0, 1), "ari": (-1, 1), "ami": (-1, 1), "purity": (0, 1)}


def estimates(clusters, labels, songs, weights: np.ndarray) -> dict[str, Estimate]:
    """Return `ari`, `nmi` and `purity` with their resamples, of what `resampled_scores` takes."""
    # The collection itself has every song once.
    weights = np.vstack([np.ones(weights.shape[1], dtype=int), weights])
    scores = resampled_scores(clusters, labels, songs, weights)
    return {name: Estimate(float(values[0]), values[1:]) for name, values in scores.items()}


def resampled_scores(clusters, labels, songs, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Return `ari`, `nmi` and `purity` on resamples of songs, each (n,).

    `clusters`, `labels` and `songs` are (tracks,), `weights` (n, songs) of
    `resampling.unit_weights`. All clips of a song drawn twice count twice.
    """
    cluster, label, song = codes(clusters), codes(labels), codes(songs)
    shape = (cluster.max() + 1, label.max() + 1)
    cells = np.ravel_multi_index((cluster, label), shape)
    # Sparse, because most songs are in one or two cells.
    counts = coo_array(
        (np.ones(len(song)), (song, cells)), shape=(weights.shape[1], np.prod(shape))
    )
    tables = (weights @ counts.tocsr()).reshape(-1, *shape)
    return {name: score(tables) for name, score in contingency.AGREEMENT.items()}


def resampled_mean(values: np.ndarray, songs, weights: np.ndarray) -> np.ndarray:
    """Return the mean over tracks of `values` (tracks,) on resamples of songs, (n,).

    With `silhouette_samples` of scikit-learn as values this is the Silhouette of clusters and
    distances that stay those of all tracks.
    """
    song = codes(songs)
    return (weights @ np.bincount(song, values)) / (weights @ np.bincount(song))


def shuffled_scores(clusters, labels: np.ndarray) -> dict[str, np.ndarray]:
    """Return `ari`, `nmi` and `purity` of `clusters` (tracks,) against each row of `labels`, (n,).

    `labels` (n, tracks) are codes of `resampling.codes`, shuffled n times.
    """
    cluster = codes(clusters)
    tables = contingency.tables(cluster, labels, (cluster.max() + 1, labels.max() + 1))
    return {name: score(tables) for name, score in contingency.AGREEMENT.items()}


def agreement(clusters: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Return every measure of BOUNDS and `clusters`, their number; both are (tracks,) of codes."""
    values, cluster = np.unique(clusters, return_inverse=True)
    table = contingency.tables(cluster, labels, (len(values), labels.max() + 1))[0]
    measures = contingency.AGREEMENT | {"ami": contingency.ami}
    return {name: float(measures[name](table)) for name in BOUNDS} | {"clusters": len(values)}


@dataclass(frozen=True)
class Labelled:
    """Labelled tracks, random halves of them and shuffles of their genres, for all methods.

    Attributes
    ----------
    ids : of the tracks
    genres : codes, (tracks,)
    halves : which of the tracks each half has, (halves, tracks) of bool
    shuffled, in_language : codes of shuffled genres, (permutations, tracks), the second shuffled
        inside each language
    swapped : what swaps genres: units, or parts of units with one genre
    """

    ids: pd.Index
    genres: np.ndarray
    halves: np.ndarray
    shuffled: np.ndarray
    in_language: np.ndarray
    swapped: str

    @classmethod
    def of(cls, tracks: pd.DataFrame, n_halves: int, permutations: int, seed: int) -> Labelled:
        """Draw halves of all tracks, as `halves` does for the refits, and shuffle genres."""
        drawn = halves(tracks["unit"], strata(tracks), n_halves, seed)
        has_genre = tracks["genre"].notna().to_numpy()
        known = tracks[has_genre]
        units, genres, languages = (
            codes(known[name].to_numpy(dtype=str)) for name in ("unit", "genre", "language")
        )
        random = np.random.default_rng(seed)
        return cls(
            known.index,
            genres,
            drawn[:, has_genre],
            np.array([*shuffles(genres, units, permutations, random)]),
            np.array([*shuffles(genres, units, permutations, random, languages)]),
            "units" if np.array_equal(parts(units, genres), units) else "parts",
        )


class Scores:
    """Agreement with genre of clusterings of a collection, and of halves of it.

    Parameters
    ----------
    tracks : with their genres
    clusterings : `id`, `seed`, `k` and `cluster` by method, for all k
    refits : `half`, `id`, `k` and `cluster` by method. Where a method was not fitted again, its
        clusters of the whole collection are scored on the half
    cuts : clusterings of some methods at further k
    """

    def __init__(self, tracks: Labelled, clusterings: Mapping, refits: Mapping, cuts: Mapping):
        self.tracks = tracks
        self.members = {name: self._by(table, "seed") for name, table in clusterings.items()}
        # Numbers of clusters without those of cuts; None for a method that finds its number.
        self.numbers = {name: list(members) for name, members in self.members.items()}
        for name, table in cuts.items():
            self.members[name] = self._by(table, "seed") | self.members[name]
        self.refits = {name: self._by(table, "half") for name, table in refits.items()}
        self.clustered = {n: tracks.ids.isin(table["id"]) for n, table in clusterings.items()}
        self.on_whole, self.on_half = cache(self._on_whole), cache(self._on_half)
        self.rows = cache(self._rows)

    def _by(self, table: pd.DataFrame, column: str) -> dict[int | None, dict[int, np.ndarray]]:
        """Return clusters by number of clusters and by seed or half: (tracks,), ABSENT of some."""
        groups: dict[int | None, dict[int, np.ndarray]] = {}
        rows = self.tracks.ids.get_indexer(table["id"])
        clusters = table["cluster"].to_numpy()
        places = table.groupby(["k", column], dropna=False, sort=False).indices
        for (k, member), place in places.items():
            placed = np.full(len(self.tracks.ids), ABSENT)
            known = place[rows[place] >= 0]
            placed[rows[known]] = clusters[known]
            groups.setdefault(None if pd.isna(k) else int(k), {})[int(member)] = placed
        return groups

    def is_refitted(self, method: str, k: int | None) -> bool:
        """Return whether a method was fitted again for `k` on every half."""
        return len(self.refits.get(method, {}).get(k, ())) == len(self.tracks.halves)

    def _on_whole(self, method: str, k: int | None, other: str) -> pd.DataFrame | None:
        """Score a method on the tracks that another clusters too, one row per seed."""
        members = self.members[method].get(k)
        if members is None:
            return None
        rows = self.clustered[method] & self.clustered[other]
        return pd.DataFrame([self._scored(clusters, rows) for clusters in members.values()])

    def _on_half(self, method: str, k: int | None, half: int, other: str) -> dict | None:
        """Score a method on a half of the tracks that another clusters too."""
        rows = self.clustered[method] & self.clustered[other] & self.tracks.halves[half]
        refitted = self.refits.get(method, {}).get(k, {})
        if half in refitted:
            return self._scored(refitted[half], rows)
        if k not in self.members[method]:
            return None
        members = [*self.members[method][k].values()]
        given = members[turn(half, len(members))]
        # Baselines are cut at as many clusters as there are in the whole collection.
        number = len(np.unique(given[self.clustered[method]]))
        return self._scored(given, rows) | {"clusters": number}

    def _scored(self, clusters: np.ndarray, rows: np.ndarray) -> dict[str, float]:
        rows = rows & (clusters != ABSENT)
        if not rows.any():
            return dict.fromkeys([*BOUNDS, "clusters"], np.nan)
        return agreement(clusters[rows], self.tracks.genres[rows])

    def _rows(self, method: str, k: int | None) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return measures and `clusters` of a method, one row per seed and one row per half."""
        halves = range(len(self.tracks.halves))
        of_halves = [self.on_half(method, k, half, method) for half in halves]
        return self.on_whole(method, k, method), pd.DataFrame(of_halves)

    def estimate(self, method: str, k: int | None, metric: str) -> Estimate:
        """Return a method's agreement: the mean over seeds, and its deviation in each split."""
        whole, of_halves = self.rows(method, k)
        spread = deviations(of_halves[metric].to_numpy())
        return Estimate(whole[metric].mean(), spread, BOUNDS[metric])

    def difference(
        self, method: str, k: int | None, baselines: Sequence[str], metric: str
    ) -> tuple[str | None, Estimate | None]:
        """Return the best baseline, and a method's difference from it unless it is that itself.

        Baselines have as many clusters as the method, on the whole collection and on each half.
        The best of them is chosen on each half again, so that the interval includes the choice.
        """
        best, value = self._best(method, k, baselines, metric)
        others = [name for name in baselines if name != method]
        if best in (None, method):
            return best, None
        values = []
        for half, row in enumerate(self.rows(method, k)[1].to_dict("records")):
            number = row["clusters"] if k is None else k  # NaN where no track has a genre
            scores = [
                self.on_half(method, k, half, name)[metric] - on_half[metric]
                for name in others
                if (on_half := self.on_half(name, number, half, method))
            ]
            values.append(min(scores, default=np.nan))
        return best, Estimate(value, deviations(np.array(values)))

    def _best(
        self, method: str, k: int | None, baselines: Sequence[str], metric: str
    ) -> tuple[str | None, float]:
        """Return the best baseline on the whole collection, and the method's difference from it."""
        numbers = self.rows(method, k)[0]["clusters"] if k is None else [k]
        differences = {}
        for name in baselines:
            others = [self.on_whole(name, number, method) for number in numbers]
            if all(other is not None for other in others):
                own = self.on_whole(method, k, name)[metric].mean()
                differences[name] = own - np.mean([other[metric].mean() for other in others])
        best = min(differences, key=differences.get, default=None)
        return best, differences.get(best, np.nan)

    def chance(self, method: str, k: int | None) -> dict[str, dict[str, float]]:
        """Return by measure the columns of `uncertainty` that speak of chance; none for AMI."""
        rows = self.clustered[method]
        free, in_language = (
            [shuffled_scores(one[rows], dealt[:, rows]) for one in self.members[method][k].values()]
            for dealt in (self.tracks.shuffled, self.tracks.in_language)
        )
        columns = {}
        for name in contingency.AGREEMENT:
            value = float(self.on_whole(method, k, method)[name].mean())
            chance = against_chance(value, np.mean([one[name] for one in free], axis=0))
            columns[name] = {"chance": chance.mean, "chance_high": chance.high, "p": chance.p}
            inside = np.mean([one[name] for one in in_language])
            columns[name]["chance_in_language"] = float(inside)
        return columns


def compare(
    scores: Scores, baselines: Sequence[str], given: Collection[str], seed: int
) -> pd.DataFrame:
    """Score every method against genre and compare it with the best baseline, for each k.

    A method that finds its number of clusters has a row for every k, and is compared with
    baselines cut at the number that it found. Intervals in columns `_all` hold together for all
    methods of a k and a measure (see `estimate.simultaneous`).

    Parameters
    ----------
    scores : of all methods
    baselines : names of methods
    given : names of methods whose vectors were not made again
    seed : of the simultaneous intervals

    Returns
    -------
    `uncertainty` of the table schemas
    """
    chance = cache(scores.chance)
    rows = []
    for k in sorted({k for ks in scores.numbers.values() for k in ks} - {None}):
        keys = {name: key for name, ks in scores.numbers.items() for key in (k, None) if key in ks}
        for metric in BOUNDS:
            levels = {name: scores.estimate(name, key, metric) for name, key in keys.items()}
            differences = {
                name: scores.difference(name, key, baselines, metric) for name, key in keys.items()
            }
            compared = [estimate for _, estimate in differences.values() if estimate]
            factors = simultaneous([*levels.values()], seed), simultaneous(compared, seed)
            for name, key in keys.items():
                whole, (baseline, difference) = scores.on_whole(name, key, name), differences[name]
                row = {"method": name, "k": k, "finds_k": key is None}
                row["clusters"] = whole["clusters"].mean()
                row |= {"metric": metric, "seeds": len(whole), "shuffled": scores.tracks.swapped}
                row["deviation"] = whole[metric].std() if len(whole) > 1 else 0.0
                row["refitted"] = NOTHING
                if scores.is_refitted(name, key):
                    row["refitted"] = CLUSTERS if name in given else ALL
                row |= levels[name].columns(factor=factors[0])
                row |= chance(name, key).get(metric, {}) | {"baseline": baseline}
                if difference:
                    row |= difference.columns("difference", factors[1])
                rows.append(row)
    return pd.DataFrame(rows)
