"""What surrounds a score: its spread over songs, and its worth by chance.

The scores are those of `hybridmusic.scores` without AMI: chance is told here directly, and AMI's
own account of it is dear for thousands of tables. Noise, -1, counts as one more cluster, and
tracks without a label are left out by the caller.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array

from hybridmusic import contingency
from hybridmusic.resampling import Chance, against_chance, codes, shuffles


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


def chance_scores(
    clusters, labels, songs, n: int, rng: np.random.Generator, within=None
) -> dict[str, Chance]:
    """`ari`, `nmi` and `purity` against what they are with `labels` shuffled `n` times.

    All are (tracks,). Whole songs swap labels where each song has one, else tracks do
    (`resampling.whole_songs` tells which). With languages as `within`, chance means agreement
    with genre that goes by language alone.
    """
    cluster, label = codes(clusters), codes(labels)
    shape = (cluster.max() + 1, label.max() + 1)
    dealt = [label, *shuffles(label, songs, n, rng, within)]
    tables = np.array([contingency.table(cluster, one, shape) for one in dealt])
    found = {}
    for name, score in contingency.AGREEMENT.items():
        value, *shuffled = score(tables)
        found[name] = against_chance(value, np.array(shuffled))
    return found
