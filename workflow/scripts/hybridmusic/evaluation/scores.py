"""Internal and external scores of clusterings (paper, section 4.2)."""

from __future__ import annotations

import numpy as np
from sklearn import metrics
from sklearn.metrics.cluster import contingency_matrix

from hybridmusic.clusterings.table import coverage
from hybridmusic.evaluation.silhouettes import Silhouettes
from hybridmusic.terms import NOISE, WITHOUT_NOISE

INTERNAL = {
    "calinski_harabasz": metrics.calinski_harabasz_score,
    "davies_bouldin": metrics.davies_bouldin_score,
}


def internal_scores(
    x: np.ndarray, clusters: np.ndarray, silhouettes: Silhouettes
) -> dict[str, float]:
    """Score clusters by Silhouette, Calinski-Harabasz and Davies-Bouldin in `x` (tracks, d).

    Noise counts as one more cluster, as in the paper. All are NaN for one cluster and for as many
    clusters as tracks. If `silhouettes` in `x` are of a sample, `silhouette_error` is the standard
    error.
    """
    value, error = silhouettes.score(clusters)
    scores = {"silhouette": value}
    if silhouettes.of_sample:
        scores["silhouette_error"] = error
    if not 2 <= len(np.unique(clusters)) < len(clusters):
        return scores | dict.fromkeys(INTERNAL, float("nan"))
    return scores | {name: float(score(x, clusters)) for name, score in INTERNAL.items()}


def external_scores(clusters, genres) -> dict[str, float]:
    """Score the agreement of `clusters` with `genres`, two sequences of labels of one length.

    `ari` and `ami` are 0 by chance and 1 for equality. `nmi` (arithmetic mean) and `purity`, the
    share of tracks in their cluster's commonest genre, are between 0 and 1. Noise counts as one
    more cluster.
    """
    return {
        "ari": float(metrics.adjusted_rand_score(genres, clusters)),
        "nmi": float(metrics.normalized_mutual_info_score(genres, clusters)),
        "ami": float(metrics.adjusted_mutual_info_score(genres, clusters)),
        "purity": float(contingency_matrix(genres, clusters).max(axis=0).sum() / len(clusters)),
    }


def in_clusters(clusters: np.ndarray) -> np.ndarray | None:
    """Return which tracks are no noise, (tracks,) of bool; None if all or no tracks are noise."""
    rows = clusters != NOISE
    return rows if rows.any() and not rows.all() else None


def left_out(scores: dict[str, float]) -> dict[str, float]:
    """Rename scores of the tracks that are no noise."""
    return {f"{name}{WITHOUT_NOISE}": value for name, value in scores.items()}


def score(
    clusters: np.ndarray, internal: dict[str, dict[str, float]], labels: dict[str, np.ndarray]
) -> list[tuple[str, str | None, float]]:
    """Return every score of one clustering (tracks,) as (metric, measured in, value).

    `internal` are `internal_scores` by the space that they were measured in; `labels` (tracks,), by
    name, are those to score agreement with. None is an unknown label. Labels with fewer than two
    values are left out. Where some tracks are noise, agreement is scored with noise as one more
    cluster, and again without these tracks.
    """
    rows = [(name, None, value) for name, value in coverage(clusters).items()]
    for space, scores in internal.items():
        rows += [(name, space, value) for name, value in scores.items()]
    clustered = in_clusters(clusters)
    for label, values in labels.items():
        known = np.array([value is not None for value in values])
        if len(set(values[known])) > 1:
            scores = external_scores(clusters[known], values[known])
            if clustered is not None and (both := known & clustered).any():
                scores |= left_out(external_scores(clusters[both], values[both]))
            rows += [(name, label, value) for name, value in scores.items()]
    return rows
