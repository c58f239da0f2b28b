"""Notes that several tables share."""

import numpy as np
import pandas as pd

from hybridmusic.tables.notes import song_level
from hybridmusic.terms import CLIP, SONG

SONGS = pd.Series(np.repeat(["a", "b", "c"], [1, 5, 2]))


def test_song_level_is_explained_only_where_a_method_is_at_that_level():
    assert song_level([CLIP, CLIP], SONGS) == []
    assert "one row. With fewer rows the chance level of NMI" in song_level([CLIP, SONG], SONGS)[0]
    assert "every song has one clip" in song_level([SONG], SONGS.drop_duplicates())[0]
