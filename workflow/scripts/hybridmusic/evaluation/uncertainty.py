"""What surrounds a score: its spread over songs, and its worth by chance.

The scores are those of `hybridmusic.evaluation.scores` without AMI: chance is told here directly,
and AMI's own account of it is dear for thousands of tables. Noise, -1, counts as one more cluster,
and tracks without a label are left out by the caller.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array

from hybridmusic.clusterings.table import of_k
from hybridmusic.evaluation import contingency
from hybridmusic.evaluation.resampling import (
    Chance,
    against_chance,
    codes,
    interval,
    shuffles,
    song_weights,
    whole_songs,
)


def resampled_scores(clusters, labels, songs, weights: np.ndarray) -> dict[str, np.ndarray]:
    """`ari`, `nmi` and `purity` of `clusters` against `labels` on resamples of songs, (n,) each.

    The first three are (tracks,), `weights` (n, songs) of `resampling.song_weights`. All clips of
    a song drawn twice count twice.
    """
    cluster, label, song = codes(clusters), codes(labels), codes(songs)
    shape = (cluster.max() + 1, label.max() + 1)
    cells = np.ravel_multi_index((cluster, label), shape)
    # Tracks of each song in each cell; most songs are in one or two of them.
    counts = coo_array(
        (np.ones(len(song)), (song, cells)), shape=(weights.shape[1], np.prod(shape))
    )
    tables = (weights @ counts.tocsr()).reshape(-1, *shape)
    return {name: score(tables) for name, score in contingency.AGREEMENT.items()}


def resampled_mean(values: np.ndarray, songs, weights: np.ndarray) -> np.ndarray:
    """Mean over tracks of `values` (tracks,) on resamples of songs, (n,).

    With scikit-learn's `silhouette_samples` as values, the Silhouette, whose clusters and
    distances stay those of all tracks.
    """
    song = codes(songs)
    return (weights @ np.bincount(song, values)) / (weights @ np.bincount(song))


def shuffled_scores(clusters, dealt: np.ndarray) -> dict[str, np.ndarray]:
    """`ari`, `nmi` and `purity` of `clusters` (tracks,) against each of `dealt`: (n,) each.

    `dealt` is (n, tracks), labels shuffled n times, as `resampling.codes` writes them.
    """
    cluster = codes(clusters)
    tables = contingency.tables(cluster, dealt, (cluster.max() + 1, dealt.max() + 1))
    return {name: score(tables) for name, score in contingency.AGREEMENT.items()}


def chance_scores(
    clusters, labels, songs, n: int, rng: np.random.Generator, within=None
) -> dict[str, Chance]:
    """`ari`, `nmi` and `purity` against what they are with `labels` shuffled `n` times.

    All are (tracks,). Whole songs swap labels where each song has one, else tracks do
    (`resampling.whole_songs` tells which). With languages as `within`, chance means agreement
    with genre that goes by language alone.
    """
    label = codes(labels)
    dealt = np.array([label, *shuffles(label, songs, n, rng, within)])
    return {
        name: against_chance(values[0], values[1:])
        for name, values in shuffled_scores(clusters, dealt).items()
    }


class Surrounded(NamedTuple):
    """A score of each seed (seeds,), and its mean over seeds on resamples and shuffles, (n,)."""

    values: np.ndarray
    resampled: np.ndarray
    shuffled: np.ndarray
    shuffled_in_language: np.ndarray


class Surroundings:
    """The same resamples of songs and shuffled genres for whatever is scored against genre.

    `tracks` has `genre`, `language` and `song` by id; tracks without a genre are left out.
    """

    def __init__(self, tracks: pd.DataFrame, resamples: int, permutations: int, seed: int):
        self.tracks = tracks[tracks["genre"].notna()]
        songs, genres, languages = (
            codes(self.tracks[name].to_numpy(dtype=str)) for name in ("song", "genre", "language")
        )
        self.song, self.genre = songs, genres
        random = np.random.default_rng(seed)
        self.weights = song_weights(songs, resamples, random)
        self.dealt = np.array([*shuffles(genres, songs, permutations, random)])
        self.dealt_in_language = np.array(
            [*shuffles(genres, songs, permutations, random, languages)]
        )
        self.swapped = "songs" if whole_songs(songs, genres) else "tracks"

    def of(self, clustering: pd.DataFrame, ids: pd.Index) -> dict[str, Surrounded]:
        """What surrounds each score of a clustering (`id`, `seed`, `cluster`) on these `ids`."""
        rows = self.tracks.index.get_indexer(ids)
        songs, genres = self.song[rows], self.genre[rows]
        weights = self.weights[:, np.unique(songs)]
        parts = []
        for _, found in clustering.groupby("seed"):
            clusters = found.set_index("id")["cluster"].loc[ids].to_numpy()
            parts.append(
                (
                    shuffled_scores(clusters, genres[np.newaxis]),
                    resampled_scores(clusters, genres, songs, weights),
                    shuffled_scores(clusters, self.dealt[:, rows]),
                    shuffled_scores(clusters, self.dealt_in_language[:, rows]),
                )
            )
        surrounded = {}
        for name in contingency.AGREEMENT:
            values, *others = ([part[name] for part in kind] for kind in zip(*parts, strict=True))
            means = (np.mean(other, axis=0) for other in others)
            surrounded[name] = Surrounded(np.concatenate(values), *means)
        return surrounded


def compare(
    clusterings: dict[str, pd.DataFrame], baselines: list[str], surroundings: Surroundings
) -> pd.DataFrame:
    """What surrounds the agreement with genre of every method, for every number of clusters.

    `clusterings` has `id`, `seed`, `k` and `cluster` for each method; one that finds its number
    of clusters itself stands beside every k. Scores are means over seeds. Each method is compared
    with the strongest of `baselines`: that with the highest NMI at this k, which favours the
    baseline. Columns are those of `uncertainty` in the table schemas.
    """
    known = surroundings.tracks.index
    rows = []
    for k in sorted({int(k) for table in clusterings.values() for k in table["k"].dropna()}):
        chosen = {name: of_k(table, k) for name, table in clusterings.items()}
        ids = {name: known[known.isin(table["id"])] for name, table in chosen.items() if len(table)}
        found = {name: surroundings.of(chosen[name], ids[name]) for name in ids}
        strength = {name: found[name]["nmi"].values.mean() for name in baselines if name in found}
        strongest = max(strength, key=strength.get, default=None)
        for name, scores in found.items():
            against = found.get(strongest)
            if against and not ids[name].equals(ids[strongest]):
                common = ids[name].intersection(ids[strongest], sort=False)
                against = surroundings.of(chosen[strongest], common)
                scores_there = surroundings.of(chosen[name], common)
            else:
                scores_there = scores
            for metric, score in scores.items():
                row = {"method": name, "k": k, "metric": metric, **_around(score)}
                if against and name != strongest:
                    row |= _difference(scores_there[metric], against[metric])
                rows.append(row | {"baseline": strongest, "shuffled": surroundings.swapped})
    return pd.DataFrame(rows)


def _around(score: Surrounded) -> dict[str, float]:
    value = float(score.values.mean())
    low, high = interval(score.resampled, value)
    chance = against_chance(value, score.shuffled)
    inside = against_chance(value, score.shuffled_in_language)
    return {
        "value": value,
        "deviation": float(score.values.std(ddof=1)) if len(score.values) > 1 else 0.0,
        "seeds": len(score.values),
        "low": low,
        "high": high,
        "chance": chance.mean,
        "chance_high": chance.high,
        "p": chance.p,
        "chance_in_language": inside.mean,
    }


def _difference(score: Surrounded, baseline: Surrounded) -> dict[str, float]:
    value = float(score.values.mean() - baseline.values.mean())
    low, high = interval(score.resampled - baseline.resampled, value)
    return {"difference": value, "difference_low": low, "difference_high": high}
