"""Assign tracks to clusters by centroids, and move centroids by batches of new tracks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hybridmusic.terms import NOISE


@dataclass(frozen=True)
class Centroids:
    """Centroids of `k` clusters."""

    clusters: np.ndarray  # (k,), their numbers
    centres: np.ndarray  # (k, d)
    counts: np.ndarray  # (k,), how many tracks each centre is the mean of

    @classmethod
    def of(cls, x: np.ndarray, clusters: np.ndarray) -> Centroids:
        """Average the tracks `x` (tracks, d) of each cluster; noise has no centroid."""
        numbers, counts = np.unique(clusters[clusters != NOISE], return_counts=True)
        means = [x[clusters == number].mean(axis=0, dtype=np.float64) for number in numbers]
        return cls(numbers, np.stack(means), counts)

    def nearest(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the nearest cluster of each row of `x` (tracks, d), and a confidence, 0..1.

        The confidence is 1 - d1 / d2, where d1 and d2 are the distances to the nearest and to the
        second nearest centroid: 0 on the border between two clusters, 1 on a centroid or where
        there is only one.
        """
        # Imported here because clustering and moving centroids do not need it.
        from sklearn.metrics import pairwise_distances

        distances = pairwise_distances(np.asarray(x, dtype=np.float64), self.centres)
        columns = distances.argmin(axis=1)
        if len(self.clusters) == 1:
            return self.clusters[columns], np.ones(len(x))
        first, second = np.partition(distances, 1, axis=1)[:, :2].T
        return self.clusters[columns], 1 - first / np.maximum(second, np.finfo(float).tiny)

    def refined(self, x: np.ndarray) -> Centroids:
        """Return the centroids after another batch `x`, by mini-batch K-Means (Sculley 2010).

        Each track moves its nearest centroid by one over the number of tracks assigned to it so
        far, so a centroid stays the mean of all tracks that were ever assigned to it.
        """
        columns = np.searchsorted(self.clusters, self.nearest(x)[0])
        added = np.bincount(columns, minlength=len(self.clusters))
        sums = np.zeros_like(self.centres)
        np.add.at(sums, columns, np.asarray(x, dtype=np.float64))
        counts = self.counts + added
        centres = (self.centres * self.counts[:, None] + sums) / counts[:, None]
        return Centroids(self.clusters, centres, counts)


def drift(x: np.ndarray, clusters: np.ndarray, before: Centroids, after: Centroids) -> pd.DataFrame:
    """Measure how far one batch, and all batches so far, moved each centroid, one row per cluster.

    `x` (tracks, d) are the run's own tracks and `clusters` theirs in the run. `tracks` counts them,
    `added` and `added_in_all` those of the batch and of all batches. `moved` by the batch and
    `moved_in_all` since the run are in units of the cluster's spread, the root mean square distance
    of its tracks from their mean (NaN where all are equal). `leave` counts the run's tracks in the
    cluster that are now nearest to another centroid and were not when the run was made.
    """
    own = Centroids.of(x, clusters)
    spread = np.array(
        [
            np.sqrt(((x[clusters == number] - centre) ** 2).sum(axis=1).mean())
            for number, centre in zip(own.clusters, own.centres, strict=True)
        ]
    )
    spread[spread == 0] = np.nan
    was, now = own.nearest(x)[0], after.nearest(x)[0]
    left = (was != now) & (now != clusters)
    return pd.DataFrame(
        {
            "cluster": own.clusters,
            "tracks": own.counts,
            "added": after.counts - before.counts,
            "added_in_all": after.counts - own.counts,
            "moved": np.linalg.norm(after.centres - before.centres, axis=1) / spread,
            "moved_in_all": np.linalg.norm(after.centres - own.centres, axis=1) / spread,
            "leave": [int(left[clusters == number].sum()) for number in own.clusters],
        }
    )
