"""Notes that several tables share."""

import numpy as np
import pandas as pd

from hybridmusic.tables.notes import sampled, song_level
from hybridmusic.terms import CLIP, SONG

SONGS = pd.Series(np.repeat(["a", "b", "c"], [1, 5, 2]))


def test_song_level_is_explained_only_where_a_method_is_at_that_level():
    assert song_level([CLIP, CLIP], SONGS) == []
    assert "one row. With fewer rows the chance level of NMI" in song_level([CLIP, SONG], SONGS)[0]
    assert "every song has one clip" in song_level([SONG], SONGS.drop_duplicates())[0]


def test_approximations_are_stated_beyond_the_limit_of_tracks():
    assert sampled(10, 10, ["ward"], []) == []
    said = " ".join(sampled(20_000, 10_000, ["ward", "kmeans", "gmm", "ward"], [0.002, 0.001]))
    assert "20,000 tracks, more than exact_up_to, 10,000" in said
    assert "standard error of at most 0.0020" in said
    assert said.count("ward clusters joining only") == 1
    assert "kmeans clusters in mini-batches" in said
    assert "gmm" not in said
    assert len(sampled(20, 10, ["gmm"], [np.nan])) == 1
