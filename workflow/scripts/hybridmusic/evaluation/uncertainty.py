"""Uncertainty of agreement with labels: intervals over songs, permutation nulls and baselines.

Scores are those of `hybridmusic.evaluation.scores` without AMI, which corrects for chance by
itself and is slow for thousands of tables. Noise, -1, counts as one more cluster. The caller
leaves out tracks without a label.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array

from hybridmusic.clusterings.table import of_k
from hybridmusic.evaluation import contingency
from hybridmusic.evaluation.estimate import Estimate
from hybridmusic.evaluation.resampling import (
    against_chance,
    codes,
    shuffles,
    song_weights,
    whole_songs,
)


def estimates(clusters, labels, songs, weights: np.ndarray) -> dict[str, Estimate]:
    """Return `ari`, `nmi` and `purity` with their resamples, of what `resampled_scores` takes."""
    # The collection itself has every song once.
    weights = np.vstack([np.ones(weights.shape[1], dtype=int), weights])
    scores = resampled_scores(clusters, labels, songs, weights)
    return {name: Estimate(float(values[0]), values[1:]) for name, values in scores.items()}


def resampled_scores(clusters, labels, songs, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Return `ari`, `nmi` and `purity` on resamples of songs, each (n,).

    `clusters`, `labels` and `songs` are (tracks,), `weights` (n, songs) of
    `resampling.song_weights`. All clips of a song drawn twice count twice.
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


class Score(NamedTuple):
    """Agreement of one method with genre."""

    values: np.ndarray  # (seeds,)
    estimate: Estimate  # mean over seeds
    shuffled: np.ndarray  # (permutations,), mean over seeds with shuffled genres
    shuffled_in_language: np.ndarray  # the same with genres shuffled inside each language

    def columns(self) -> dict[str, float]:
        """Return the columns of `uncertainty` in the table schemas that need no baseline."""
        chance = against_chance(self.estimate.value, self.shuffled)
        in_language = against_chance(self.estimate.value, self.shuffled_in_language)
        return self.estimate.columns() | {
            "deviation": float(self.values.std(ddof=1)) if len(self.values) > 1 else 0.0,
            "seeds": len(self.values),
            "chance": chance.mean,
            "chance_high": chance.high,
            "p": chance.p,
            "chance_in_language": in_language.mean,
        }


class Draws:
    """Resamples of songs and shuffles of genres that all methods share.

    `tracks` has `genre`, `language` and `song` by id; tracks without a genre are left out.
    """

    def __init__(self, tracks: pd.DataFrame, resamples: int, permutations: int, seed: int):
        self.tracks = tracks[tracks["genre"].notna()]
        songs, genres, languages = (
            codes(self.tracks[name].to_numpy(dtype=str)) for name in ("song", "genre", "language")
        )
        self.songs, self.genres = songs, genres
        random = np.random.default_rng(seed)
        self.weights = song_weights(songs, resamples, random)
        self.shuffled = np.array([*shuffles(genres, songs, permutations, random)])
        self.shuffled_in_language = np.array(
            [*shuffles(genres, songs, permutations, random, languages)]
        )
        self.swapped = "songs" if whole_songs(songs, genres) else "tracks"

    def score(self, clustering: pd.DataFrame, ids: pd.Index) -> dict[str, Score]:
        """Score a clustering (`id`, `seed`, `cluster`) by every measure of agreement on `ids`."""
        rows = self.tracks.index.get_indexer(ids)
        songs, genres = self.songs[rows], self.genres[rows]
        weights = self.weights[:, np.unique(songs)]
        members = []
        for _, of_seed in clustering.groupby("seed"):
            clusters = of_seed.set_index("id")["cluster"].loc[ids].to_numpy()
            members.append(
                (
                    shuffled_scores(clusters, genres[np.newaxis]),
                    resampled_scores(clusters, genres, songs, weights),
                    shuffled_scores(clusters, self.shuffled[:, rows]),
                    shuffled_scores(clusters, self.shuffled_in_language[:, rows]),
                )
            )
        scores = {}
        for name in contingency.AGREEMENT:
            values, *others = ([part[name] for part in kind] for kind in zip(*members, strict=True))
            values = np.concatenate(values)
            resampled, *shuffled = (np.mean(other, axis=0) for other in others)
            scores[name] = Score(values, Estimate(float(values.mean()), resampled), *shuffled)
        return scores


def compare(
    clusterings: dict[str, pd.DataFrame], baselines: list[str], draws: Draws
) -> pd.DataFrame:
    """Score every method against genre and compare it with the strongest baseline, for each k.

    Scores are means over seeds, in the columns of `uncertainty`. A method that finds its number of
    clusters itself is compared at every k. The strongest baseline is the one with the highest NMI
    at this k, a choice by the same labels, which favours it; those of `baselines` without a
    clustering are ignored.
    """
    known = draws.tracks.index
    rows = []
    for k in sorted({int(k) for table in clusterings.values() for k in table["k"].dropna()}):
        chosen = {name: of_k(table, k) for name, table in clusterings.items()}
        ids = {name: known[known.isin(table["id"])] for name, table in chosen.items() if len(table)}
        scores = {name: draws.score(chosen[name], ids[name]) for name in ids}
        strength = {name: scores[name]["nmi"].estimate.value for name in baselines if name in ids}
        strongest = max(strength, key=strength.get, default=None)
        for name, own in scores.items():
            paired, baseline = own, scores.get(strongest)
            if baseline and not ids[name].equals(ids[strongest]):
                common = ids[name].intersection(ids[strongest], sort=False)
                paired = draws.score(chosen[name], common)
                baseline = draws.score(chosen[strongest], common)
            for metric, score in own.items():
                row = {"method": name, "k": k, "metric": metric, **score.columns()}
                if baseline and name != strongest:
                    difference = paired[metric].estimate - baseline[metric].estimate
                    row |= difference.columns("difference")
                rows.append(row | {"baseline": strongest, "shuffled": draws.swapped})
    return pd.DataFrame(rows)
