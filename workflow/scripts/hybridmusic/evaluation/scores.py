"""Scores of clusterings (paper, section 4.2)."""

from __future__ import annotations

import numpy as np
from sklearn import metrics
from sklearn.metrics.cluster import contingency_matrix

from hybridmusic.clusterings.table import coverage
from hybridmusic.evaluation.silhouettes import Silhouettes

INTERNAL = {
    "calinski_harabasz": metrics.calinski_harabasz_score,
    "davies_bouldin": metrics.davies_bouldin_score,
}
EXTERNAL = ("ari", "nmi", "ami", "purity")


def internal_scores(
    x: np.ndarray, clusters: np.ndarray, silhouettes: Silhouettes
) -> dict[str, float]:
    """Silhouette, Calinski-Harabasz and Davies-Bouldin of `clusters` in `x` (tracks, d).

    Noise counts as one more cluster, as in the paper. All are NaN where they are not defined: for
    one cluster, and for as many clusters as tracks. The Silhouette is that of `silhouettes`, which
    are those in `x`; if these are of a sample, `silhouette_error` is its standard error.
    """
    value, error = silhouettes.of(clusters)
    found = {"silhouette": value}
    if silhouettes.of_sample:
        found["silhouette_error"] = error
    if not 2 <= len(np.unique(clusters)) < len(clusters):
        return found | dict.fromkeys(INTERNAL, float("nan"))
    return found | {name: float(score(x, clusters)) for name, score in INTERNAL.items()}


def external_scores(clusters, genres) -> dict[str, float]:
    """Agreement of `clusters` with `genres`, two sequences of any labels of one length.

    `ari` and `ami` are 0 for chance and 1 for equality; `nmi` (arithmetic mean) and `purity`, the
    share of tracks in their cluster's commonest genre, lie between 0 and 1. Noise counts as one
    more cluster.
    """
    return {
        "ari": float(metrics.adjusted_rand_score(genres, clusters)),
        "nmi": float(metrics.normalized_mutual_info_score(genres, clusters)),
        "ami": float(metrics.adjusted_mutual_info_score(genres, clusters)),
        "purity": float(contingency_matrix(genres, clusters).max(axis=0).sum() / len(clusters)),
    }


def score(
    clusters: np.ndarray, internal: dict[str, dict[str, float]], labels: dict[str, np.ndarray]
) -> list[tuple[str, str | None, float]]:
    """Every score of one clustering as (metric, measured in, value).

    `internal` are its `internal_scores` by the space that they were measured in, and `labels` what
    it may agree with, by name, (tracks,) each; None is an unknown label. Labels of fewer than two
    kinds are left out.
    """
    found = [(name, None, value) for name, value in coverage(clusters).items()]
    for space, measured in internal.items():
        found += [(name, space, value) for name, value in measured.items()]
    for label, values in labels.items():
        known = np.array([value is not None for value in values])
        if len(set(values[known])) > 1:
            scored = external_scores(clusters[known], values[known])
            found += [(name, label, value) for name, value in scored.items()]
    return found
