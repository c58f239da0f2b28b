"""Effect of reduction: changes in agreement with genre and in the Silhouette.

A combination is one clusterer on one space. Its change is the paired difference between the
reduced space and the space as it is, on the same resamples of units. Everything is measured on the
tracks that have a genre.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, product

import numpy as np
import pandas as pd

from hybridmusic import kinds
from hybridmusic.clusterings.table import coverage
from hybridmusic.evaluation.estimate import Estimate
from hybridmusic.evaluation.resampling import codes, unit_weights
from hybridmusic.evaluation.uncertainty import resampled_mean, resampled_scores, shuffled_scores
from hybridmusic.terms import ARI, AS_IS, NMI

METRICS = (NMI, ARI, "silhouette")
# Estimates by metric of each (space, clusterer, reduction).
Measured = dict[tuple[str, str, str], dict[str, Estimate]]


def measure(
    clusterings: dict[str, pd.DataFrame], tracks: pd.DataFrame, resamples: int, seed: int
) -> Measured:
    """Measure METRICS and `n_clusters` of each space, clusterer and reduction, means over seeds.

    `clusterings` are of the kind `reduced`, by space; `tracks` has `genre` and `unit` by id. A mean
    over seeds is NaN if one seed has no Silhouette.
    """
    tracks = tracks[tracks["genre"].notna()]
    units = np.unique(tracks["unit"].to_numpy(dtype=str))
    weights = unit_weights(units, resamples, np.random.default_rng(seed))
    measured = {}
    for space, table in clusterings.items():
        table = table[table["id"].isin(tracks.index)]
        for (clusterer, name), rows in table.groupby(["clusterer", "reduction"], sort=False):
            members = [
                _measure(group, tracks.loc[group["id"]], units, weights)
                for _, group in rows.groupby("seed")
            ]
            measured[space, clusterer, name] = {
                metric: Estimate.mean(one[metric] for one in members) for metric in members[0]
            }
    return measured


def _measure(group: pd.DataFrame, tracks: pd.DataFrame, units, weights) -> dict[str, Estimate]:
    clusters, silhouettes = group["cluster"].to_numpy(), group["silhouette"].to_numpy()
    unit, genre = tracks["unit"].to_numpy(dtype=str), tracks["genre"].to_numpy(dtype=str)
    weights = weights[:, np.isin(units, unit)]
    values = shuffled_scores(clusters, codes(genre)[np.newaxis])
    resampled = resampled_scores(clusters, genre, unit, weights)
    n_clusters = coverage(clusters)["n_clusters"]
    return {
        **{metric: Estimate(values[metric][0], resampled[metric]) for metric in (NMI, ARI)},
        "silhouette": Estimate(silhouettes.mean(), resampled_mean(silhouettes, unit, weights)),
        "n_clusters": Estimate(n_clusters, np.full(len(weights), n_clusters)),
    }


def scores(measured: Measured) -> pd.DataFrame:
    """Tabulate each score and its change by the reduction, in the columns of `reduction`."""
    rows = []
    for (space, clusterer, name), estimates in measured.items():
        for metric, estimate in estimates.items():
            row = {"space": space, "clusterer": clusterer, "reduction": name, "metric": metric}
            row |= estimate.columns()
            if name != AS_IS:
                change = estimate - measured[space, clusterer, AS_IS][metric]
                row |= change.columns("change")
            rows.append(row)
    return pd.DataFrame(rows)


def changes(measured: Measured, left_out: list[str]) -> pd.DataFrame:
    """Tabulate the paired change of each score by each reduction in every space but `left_out`.

    A change in a space is the mean over clusterers. Clusterers that find their number of clusters
    are averaged separately, because a reduction may change what they find from one cluster to many.
    Combinations without a defined score are not compared. Columns are those of `reduction_changes`.
    """
    rows = []
    for name, spaces in _groups(measured, left_out):
        clusterers = ", ".join(dict.fromkeys(chain(*spaces.values())))
        for (space, own), metric in product(spaces.items(), METRICS):
            differences = [
                measured[space, clusterer, name][metric] - measured[space, clusterer, AS_IS][metric]
                for clusterer in own
            ]
            if defined := [one for one in differences if np.isfinite(one.value)]:
                row = {"reduction": name, "clusterers": clusterers, "space": space}
                change = Estimate.mean(defined).columns("change")
                rows.append(row | {"metric": metric} | change)
    return pd.DataFrame(rows)


def _groups(measured: Measured, left_out: list[str]) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield each reduction with its clusterers by space; those that find k come last."""
    groups: dict[tuple[bool, str], dict[str, list[str]]] = {}
    for space, clusterer, name in measured:
        if name != AS_IS and space not in left_out:
            finds_k = not kinds.declared("clusterers", clusterer, "NEEDS_K")
            spaces = groups.setdefault((finds_k, name), {})
            spaces.setdefault(space, []).append(clusterer)
    for (_, name), spaces in sorted(groups.items()):
        yield name, spaces
