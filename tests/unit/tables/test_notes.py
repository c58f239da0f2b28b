"""Notes that several tables share."""

import numpy as np
import pandas as pd

from hybridmusic.tables.notes import named_units, sampled, song_level, units
from hybridmusic.terms import CLIP, SONG

SONGS = pd.Series(np.repeat(["a", "b", "c"], [1, 5, 2]))


def test_song_level_is_explained_only_where_a_method_is_at_that_level():
    assert song_level([CLIP, CLIP], SONGS) == []
    assert "one row. With fewer rows the chance level of NMI" in song_level([CLIP, SONG], SONGS)[0]
    assert "every song has one clip" in song_level([SONG], SONGS.drop_duplicates())[0]


def test_units_are_named_where_they_are_not_all_songs():
    tracks = pd.DataFrame({"song": list("aab"), "unit": list("aab")})
    assert named_units(tracks) == "songs"
    assert units(tracks) == []
    some, all_ = (tracks.assign(unit=["artist x", "artist x", last]) for last in ("b", "artist y"))
    assert named_units(some) == "artists where known (2 of 3 tracks), else songs"
    assert named_units(all_) == "artists"
    assert "else songs. Tracks of one artist are not independent" in units(some)[0]


def test_approximations_are_stated_beyond_the_limit_of_tracks():
    assert sampled(10, 10, ["ward"], []) == []
    said = " ".join(sampled(20_000, 10_000, ["ward", "kmeans", "gmm", "ward"], [0.002, 0.001]))
    assert "20,000 tracks, more than exact_up_to, 10,000" in said
    assert "standard error of at most 0.0020" in said
    assert said.count("ward clusters joining only") == 1
    assert "kmeans clusters in mini-batches" in said
    assert "gmm" not in said
    assert len(sampled(20, 10, ["gmm"], [np.nan])) == 1
