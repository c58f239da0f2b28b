"""Contingency tables, many at once, and their measures of agreement.

`tables` are (..., clusters, labels), counts of tracks or sums of their weights. Each measure
returns one number for each table, equal to that of scikit-learn for the same labels.
"""

from __future__ import annotations

import numpy as np
from scipy.special import entr

EPSILON = np.finfo(float).eps
AT_ONCE = 1_000_000  # codes that are counted together; bounds memory


def tables(clusters: np.ndarray, labels: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Count the tracks with each pair of codes, for each row: (n, *shape).

    One of `clusters` and `labels` is (n, tracks), the other (n, tracks) or (tracks,).
    """
    clusters, labels = np.broadcast_arrays(np.atleast_2d(clusters), np.atleast_2d(labels))
    n, size = len(labels), shape[0] * shape[1]
    counts = np.empty((n, size))
    rows = max(1, AT_ONCE // labels.shape[1])
    for start in range(0, n, rows):
        some = slice(start, start + rows)
        cells = clusters[some] * shape[1] + labels[some]
        cells += size * np.arange(len(cells))[:, None]
        counts[some] = np.bincount(cells.ravel(), minlength=cells.shape[0] * size).reshape(-1, size)
    return counts.reshape(n, *shape)


def entropy(counts: np.ndarray) -> np.ndarray:
    """Return the entropy in nats of counts along the last axis."""
    return entr(counts / counts.sum(axis=-1, keepdims=True)).sum(axis=-1)


def mutual_information(tables: np.ndarray) -> np.ndarray:
    """Return the mutual information in nats, at least 0."""
    cells = tables.reshape(*tables.shape[:-2], np.prod(tables.shape[-2:]))
    both = entropy(tables.sum(axis=-1)) + entropy(tables.sum(axis=-2))
    return np.maximum(both - entropy(cells), 0)


def nmi(tables: np.ndarray) -> np.ndarray:
    """Return the normalised mutual information (arithmetic mean), 0..1; 1 for a single cell."""
    both = entropy(tables.sum(axis=-1)) + entropy(tables.sum(axis=-2))
    return np.divide(2 * mutual_information(tables), both, out=np.ones(both.shape), where=both > 0)


def ari(tables: np.ndarray) -> np.ndarray:
    """Return the adjusted Rand index (Hubert and Arabie 1985), 0 by chance, at most 1."""
    n = tables.sum(axis=(-2, -1))
    # Ordered pairs of tracks, including each track paired with itself.
    pairs = (tables**2).sum(axis=(-2, -1))
    cluster_only = (tables.sum(axis=-1) ** 2).sum(axis=-1) - pairs
    label_only = (tables.sum(axis=-2) ** 2).sum(axis=-1) - pairs
    both, neither = pairs - n, n**2 - pairs - cluster_only - label_only
    excess = 2 * (both * neither - cluster_only * label_only)
    most = (both + cluster_only) * (cluster_only + neither)
    most = most + (both + label_only) * (label_only + neither)
    # If no pair is together in only one of the two, they agree: 1 instead of 0 / 0.
    return np.divide(excess, most, out=np.ones(n.shape), where=cluster_only + label_only > 0)


def ami(table: np.ndarray) -> float:
    """Return the adjusted mutual information (Vinh, Epps and Bailey 2010), 0 by chance, at most 1.

    `table` is a single one, of whole numbers.
    """
    # Imported here, because the other measures need not wait for it.
    from sklearn.metrics.cluster import expected_mutual_information

    table = table[table.any(axis=1)][:, table.any(axis=0)]
    if np.count_nonzero(table) == table.shape[0] == table.shape[1]:
        return 1.0  # equal partitions
    expected = expected_mutual_information(table.astype(np.int64), int(table.sum()))
    mean = (entropy(table.sum(axis=0)) + entropy(table.sum(axis=1))) / 2
    return float((mutual_information(table) - expected) / max(mean - expected, EPSILON))


def purity(tables: np.ndarray) -> np.ndarray:
    """Return the share of tracks in their cluster's commonest label, above 0 to 1."""
    return tables.max(axis=-1).sum(axis=-1) / tables.sum(axis=(-2, -1))


AGREEMENT = {"ari": ari, "nmi": nmi, "purity": purity}
