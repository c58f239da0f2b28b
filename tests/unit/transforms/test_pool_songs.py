"""Pooled songs against a loop over songs."""

import numpy as np
import pytest

from hybridmusic.transforms import pool_songs

pytestmark = pytest.mark.numerical


def test_pooled_songs_are_mean_and_deviation_of_their_clips():
    x = np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32)
    songs = np.array(["b", "a", "b", "c", "a", "b", "a"])
    found = pool_songs.transform(x, 0, song=songs, statistics=["mean", "std"])
    assert found.shape == (7, 6)
    for song in "abc":
        of_song = songs == song
        expected = np.concatenate([x[of_song].mean(axis=0), x[of_song].std(axis=0)])
        np.testing.assert_allclose(found[of_song], [expected] * of_song.sum(), atol=1e-6)
