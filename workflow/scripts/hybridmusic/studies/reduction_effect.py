"""Whether reducing a space before clustering raises agreement with genre, or only the Silhouette.

A combination is one clusterer on one space; its changes are paired: the same songs, drawn anew,
as it is and reduced. All is measured on the tracks that have a genre.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from hybridmusic import kinds
from hybridmusic.clusterings.table import coverage
from hybridmusic.evaluation.resampling import codes, interval, song_weights
from hybridmusic.evaluation.uncertainty import resampled_mean, resampled_scores, shuffled_scores
from hybridmusic.studies.reduction import AS_IS

METRICS = ("nmi", "ari", "silhouette")

# A score's mean over seeds, and the same on each resample of songs, (n,).
Measured = tuple[float, np.ndarray]


def measure(
    clusterings: dict[str, pd.DataFrame], tracks: pd.DataFrame, resamples: int, seed: int
) -> dict[tuple[str, str, str], dict[str, Measured]]:
    """`METRICS` and `n_clusters` of each space, clusterer and reduction.

    `clusterings` are tables of the kind `reduced` by space, `tracks` has `genre` and `song` by id.
    Of seeds without a Silhouette the mean has none.
    """
    tracks = tracks[tracks["genre"].notna()]
    songs = np.unique(tracks["song"].to_numpy(dtype=str))
    weights = song_weights(songs, resamples, np.random.default_rng(seed))
    found = {}
    for space, table in clusterings.items():
        table = table[table["id"].isin(tracks.index)]
        for (clusterer, name), rows in table.groupby(["clusterer", "reduction"], sort=False):
            seeds = [
                _measured(group, tracks.loc[group["id"]], songs, weights)
                for _, group in rows.groupby("seed")
            ]
            found[space, clusterer, name] = {
                metric: _mean(s[metric] for s in seeds) for metric in seeds[0]
            }
    return found


def _measured(group: pd.DataFrame, tracks: pd.DataFrame, songs, weights) -> dict[str, Measured]:
    clusters, silhouettes = group["cluster"].to_numpy(), group["silhouette"].to_numpy()
    song, genre = tracks["song"].to_numpy(dtype=str), tracks["genre"].to_numpy(dtype=str)
    weights = weights[:, np.isin(songs, song)]
    values = shuffled_scores(clusters, codes(genre)[np.newaxis])
    resampled = resampled_scores(clusters, genre, song, weights)
    n_clusters = coverage(clusters)["n_clusters"]
    return {
        "nmi": (values["nmi"][0], resampled["nmi"]),
        "ari": (values["ari"][0], resampled["ari"]),
        "silhouette": (silhouettes.mean(), resampled_mean(silhouettes, song, weights)),
        "n_clusters": (n_clusters, np.full(len(weights), n_clusters)),
    }


def _mean(of: Iterable[Measured]) -> Measured:
    values, resampled = zip(*of, strict=True)
    return float(np.mean(values)), np.mean(resampled, axis=0)


def scores(measured: dict[tuple[str, str, str], dict[str, Measured]]) -> pd.DataFrame:
    """Each score with its 90 % interval over songs, and its paired change from the space as it is.

    Columns are those of `reduction` in the table schemas.
    """
    rows = []
    for (space, clusterer, name), of_metric in measured.items():
        for metric, (value, resampled) in of_metric.items():
            row = {"space": space, "clusterer": clusterer, "reduction": name, "metric": metric}
            low, high = interval(resampled, value)
            row |= {"value": value, "low": low, "high": high}
            if name != AS_IS:
                change, around = _change(measured, space, clusterer, name, metric)
                low, high = interval(around, change)
                row |= {"change": change, "change_low": low, "change_high": high}
            rows.append(row)
    return pd.DataFrame(rows)


def changes(
    measured: dict[tuple[str, str, str], dict[str, Measured]], left_out: list[str]
) -> pd.DataFrame:
    """Mean paired change of each score by each reduction, over all spaces but those `left_out`.

    Clusterers that are told their number of clusters are averaged by themselves, for a reduction
    may change what the others find from one cluster to many. `rises` and `falls` count combinations
    whose own interval lies above or below 0. Where a score is not defined there is nothing to
    compare. Columns are those of `reduction_changes` in the table schemas.
    """
    groups: dict[tuple[bool, str], list[tuple[str, str]]] = {}
    for space, clusterer, name in measured:
        if name != AS_IS and space not in left_out:
            finds_k = not kinds.declared("clusterers", clusterer, "NEEDS_K")
            groups.setdefault((finds_k, name), []).append((space, clusterer))
    rows = []
    for (_, name), pairs in sorted(groups.items()):
        for metric in METRICS:
            found = [_change(measured, *pair, name, metric) for pair in pairs]
            found = [(value, around) for value, around in found if np.isfinite(value)]
            if not found:
                continue
            own = np.array([interval(around, value) for value, around in found])
            value, around = _mean(found)
            low, high = interval(around, value)
            row = {"reduction": name, "metric": metric}
            row |= {"clusterers": ", ".join(dict.fromkeys(clusterer for _, clusterer in pairs))}
            row |= {"change": value, "low": low, "high": high, "compared": len(found)}
            rows.append(row | {"rises": (own[:, 0] > 0).sum(), "falls": (own[:, 1] < 0).sum()})
    return pd.DataFrame(rows)


def _change(measured, space: str, clusterer: str, name: str, metric: str) -> Measured:
    value, resampled = measured[space, clusterer, name][metric]
    before, resampled_before = measured[space, clusterer, AS_IS][metric]
    return value - before, resampled - resampled_before
