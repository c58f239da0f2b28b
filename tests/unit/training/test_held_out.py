"""Songs are held out whole, and errors are means per feature."""

import numpy as np
import pytest

from hybridmusic.errors import InputError
from hybridmusic.plan.modules import modules
from hybridmusic.training import held_out

pytestmark = pytest.mark.numerical


def test_held_out_songs_are_whole():
    songs = [f"song {n // 3}" for n in range(60)]
    chosen = held_out.split_units(songs, 0.2, seed=1)
    assert chosen.sum() == 12
    assert not set(np.array(songs)[chosen]) & set(np.array(songs)[~chosen])
    assert (held_out.split_units(songs, 0.2, seed=1) == chosen).all()
    with pytest.raises(InputError, match="at least two"):
        held_out.split_units(["one"] * 5, 0.2, seed=1)


def test_a_fifth_of_each_genres_songs_is_held_out_but_never_its_only_song():
    # Two clips per song: 20 songs of rock, 10 of pop, one of jazz and one without a genre.
    songs = [f"song {n // 2:02}" for n in range(64)]
    genres = np.array(["rock"] * 40 + ["pop"] * 20 + ["jazz"] * 2 + [None] * 2, dtype=object)
    chosen = held_out.split_units_by_genre(songs, genres, 0.2, seed=0)
    assert not set(np.array(songs)[chosen]) & set(np.array(songs)[~chosen])
    names, clips = np.unique(genres[chosen].astype(str), return_counts=True)
    assert dict(zip(names, clips, strict=True)) == {"rock": 8, "pop": 4}
    single = held_out.split_units_by_genre(["a", "b", "c"], ["x", "y", "y"], 0.2, seed=0)
    assert single.sum() == 1
    assert not single[0]


def test_squared_error_is_per_feature_and_seed():
    x = np.zeros((2, 3, 4))
    reconstruction = np.stack([np.full((3, 4), 1.0), np.full((3, 4), 3.0)])
    np.testing.assert_array_equal(held_out.squared_error(x, reconstruction), [1, 9])


def test_training_does_not_depend_on_how_songs_are_held_out():
    file = "held_out.py"
    assert file not in {path.name for path in modules("train_network")}
    assert file in {path.name for path in modules("hold_out_songs")}
