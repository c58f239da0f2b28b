"""Resamples and permutations of whole songs, and p-values."""

import numpy as np
import pytest

from hybridmusic.evaluation import resampling

SONGS = np.array(["b", "a", "a", "c", "c", "d"])
GENRES = np.array(["rock", "pop", "pop", "folk", "folk", "rock"])


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_resamples_have_as_many_songs(rng):
    weights = resampling.song_weights(SONGS, 4000, rng)
    assert weights.shape == (4000, 4)
    assert set(weights.sum(axis=1)) == {4}
    # Binomial of 4 songs: variance 4 * 1/4 * 3/4.
    assert weights.mean(axis=0) == pytest.approx([1] * 4, abs=0.05)
    assert weights.var(axis=0) == pytest.approx([0.75] * 4, abs=0.06)


def test_a_sample_has_whole_units_up_to_the_limit(rng):
    songs = np.repeat(list("abcdefgh"), [1, 2, 3, 4, 1, 2, 3, 4])
    for most in (5, 9, 19):
        chosen = resampling.sample_units(songs, most, rng)
        assert most - 4 < chosen.sum() <= most
        assert not set(songs[chosen]) & set(songs[~chosen])
    assert resampling.sample_units(songs, 20, rng).all()
    assert resampling.sample_units(["a"] * 6, 5, rng).all()


def test_songs_swap_their_labels_whole(rng):
    assert resampling.whole_songs(SONGS, GENRES)
    shuffled = list(resampling.shuffles(GENRES, SONGS, 200, rng))
    for one in shuffled:
        assert one[1] == one[2]
        assert one[3] == one[4]
        # The songs a, b, c, d, in this order, keep their labels among them.
        assert sorted(one[[1, 0, 3, 5]]) == ["folk", "pop", "rock", "rock"]
    # All 12 orders of these four labels occur.
    assert len({tuple(one) for one in shuffled}) == 12


def test_rows_of_whole_songs_swap_places(rng):
    songs = np.repeat(list("dacb"), 3)
    (order,) = resampling.swapped(songs, 1, rng)
    taken = order.reshape(4, 3)
    assert sorted(taken.ravel()) == list(range(12))
    assert all(np.diff(rows).tolist() == [1, 1] and rows[0] % 3 == 0 for rows in taken)
    firsts = {tuple(one[::3]) for one in resampling.swapped(songs, 200, rng)}
    assert len(firsts) == 24
    # A song of one clip repeats it, and one of three gives its first.
    songs = ["a", "b", "b", "b"]
    orders = {tuple(one) for one in resampling.swapped(songs, 50, rng)}
    assert orders == {(0, 1, 2, 3), (1, 0, 0, 0)}


def test_tracks_swap_labels_where_songs_have_several(rng):
    labels = np.array(["x", "x", "y", "y", "y", "y"])
    assert not resampling.whole_songs(SONGS, labels)
    shuffled = {tuple(one) for one in resampling.shuffles(labels, SONGS, 300, rng)}
    assert len(shuffled) == 15
    assert {one.count("x") for one in shuffled} == {2}


def test_labels_stay_within_their_strata(rng):
    songs = np.arange(40)
    languages = np.array(["bangla", "english"] * 20)
    genres = np.array([f"{language} {n % 5}" for n, language in enumerate(languages)])
    for one in resampling.shuffles(genres, songs, 50, rng, within=languages):
        assert [name.split()[0] for name in one] == list(languages)
        assert sorted(one) == sorted(genres)
        assert list(one) != list(genres)


def test_chance_counts_what_reaches_the_value():
    chance = resampling.against_chance(0.5, np.array([0.1, 0.5, 0.7, 0.2]))
    assert chance.p == pytest.approx(3 / 5)
    assert chance.mean == pytest.approx(0.375)
    assert chance.high == pytest.approx(0.67)
    assert resampling.against_chance(1.0, np.zeros(99)).p == pytest.approx(0.01)
