"""Clusters told by their centroids, and centroids that follow a stream of tracks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hybridmusic.clusterings.table import NOISE


@dataclass(frozen=True)
class Centroids:
    """`clusters` by number, (k,); their `centres`, (k, d); how many tracks made them, (k,)."""

    clusters: np.ndarray
    centres: np.ndarray
    counts: np.ndarray

    @classmethod
    def of(cls, x: np.ndarray, clusters: np.ndarray) -> Centroids:
        """The means of the tracks `x` (tracks, d) of each cluster; noise is none."""
        numbers, counts = np.unique(clusters[clusters != NOISE], return_counts=True)
        means = [x[clusters == number].mean(axis=0, dtype=np.float64) for number in numbers]
        return cls(numbers, np.stack(means), counts)

    def nearest(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The cluster of each row of `x` (tracks, d), and a confidence from 0 to 1.

        That is 1 - d1 / d2, with the distances to the nearest centroid and to the next one: 0 on
        the border between two clusters, 1 on a centroid, or where there is only one.
        """
        # Imported here, because what clusters and tells of centroids need not wait for it.
        from sklearn.metrics import pairwise_distances

        distances = pairwise_distances(np.asarray(x, dtype=np.float64), self.centres)
        found = distances.argmin(axis=1)
        if len(self.clusters) == 1:
            return self.clusters[found], np.ones(len(x))
        first, second = np.partition(distances, 1, axis=1)[:, :2].T
        return self.clusters[found], 1 - first / np.maximum(second, np.finfo(float).tiny)

    def refined(self, x: np.ndarray) -> Centroids:
        """The centroids after another batch `x`, as mini-batch K-Means moves them (Sculley 2010).

        Each track draws its nearest centroid by one over the number of tracks that it has drawn
        so far, so a centroid stays the mean of all tracks that were ever assigned to it.
        """
        found = np.searchsorted(self.clusters, self.nearest(x)[0])
        added = np.bincount(found, minlength=len(self.clusters))
        sums = np.zeros_like(self.centres)
        np.add.at(sums, found, np.asarray(x, dtype=np.float64))
        counts = self.counts + added
        centres = (self.centres * self.counts[:, None] + sums) / counts[:, None]
        return Centroids(self.clusters, centres, counts)


def drift(x: np.ndarray, clusters: np.ndarray, before: Centroids, after: Centroids) -> pd.DataFrame:
    """How far a batch moved each centroid, and all batches so far: one row per cluster.

    `x` (tracks, d) and `clusters` are the run's own, `before` and `after` the centroids around
    the batch. `moved` by it and `moved_in_all` since the run are in units of the cluster's spread,
    the root mean square distance of its tracks from their mean, and NaN where all of these are
    equal, as of a single one. `leave` counts the run's tracks of
    the cluster whose nearest centroid is another one's now, and was not when the run was done.
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
