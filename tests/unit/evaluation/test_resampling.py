"""Resamples and permutations of whole songs, and p-values."""

import numpy as np
import pytest

from hybridmusic.evaluation import resampling
from hybridmusic.evaluation.uncertainty import shuffled_scores

SONGS = np.array(["b", "a", "a", "c", "c", "d"])
GENRES = np.array(["rock", "pop", "pop", "folk", "folk", "rock"])


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_resamples_have_as_many_songs(rng):
    weights = resampling.unit_weights(SONGS, 4000, rng)
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
    assert (resampling.parts(SONGS, GENRES) == resampling.codes(SONGS)).all()
    songs, genres = np.repeat(SONGS, 2), np.repeat(GENRES, 2)
    songs = np.append(songs[songs != "b"], ["b"] * 3)
    genres = np.append(genres[2:], ["rock"] * 3)
    shuffled = list(resampling.shuffles(genres, songs, 200, rng))
    _, first = np.unique(songs, return_index=True)
    for one in shuffled:
        assert all(len(set(one[songs == song])) == 1 for song in "abcd")
        # Songs of four clips keep their labels among them, and those of two or three.
        a, b, c, d = one[first]
        assert {a, c} == {"pop", "folk"}
        assert b == d == "rock"
    assert len({tuple(one) for one in shuffled}) == 2
    # All 12 orders of the labels of songs of one length occur.
    alike = np.repeat(list("abcd"), 2), np.repeat(["pop", "rock", "folk", "rock"], 2)
    assert len({tuple(one) for one in resampling.shuffles(*alike[::-1], 200, rng)}) == 12


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


def test_parts_of_a_song_swap_labels_where_it_has_several(rng):
    # The clips of c have one label each, those of a the same.
    labels = np.array(["x", "y", "y", "x", "y", "y"])
    assert resampling.parts(SONGS, labels).tolist() == [1, 0, 0, 2, 3, 4]
    shuffled = {tuple(one) for one in resampling.shuffles(labels, SONGS, 300, rng)}
    # Of four parts of one clip, two are x; the song a has two clips and keeps its label.
    assert len(shuffled) == 6
    assert all(one[1] == one[2] for one in shuffled)


def crossing(rng):
    """Return artists, clusters that follow artists alone, and genres that artists cross."""
    size = 1 + rng.geometric(0.2, 40).clip(max=20)
    artist = np.repeat(np.arange(40), size)
    n = len(artist)
    cluster = np.where(
        rng.random(n) < 0.8, rng.integers(6, size=40)[artist], rng.integers(6, size=n)
    )
    genre, second = rng.integers(4, size=(2, 40))[:, artist]
    crosses = (rng.random(40) < 0.3)[artist] & (rng.random(n) < 0.3)
    return artist, cluster, np.where(crosses, second, genre)


def test_the_null_holds_where_artists_cross_genres(rng):
    p = []
    for _ in range(300):
        artist, cluster, genre = crossing(rng)
        dealt = np.vstack([genre, *resampling.shuffles(genre, artist, 39, rng)])
        value, *shuffled = shuffled_scores(cluster, dealt)["nmi"]
        p.append(resampling.against_chance(value, np.array(shuffled)).p)
    # Of 300 tests 15 are expected at .05 and 60 at .2, with deviations of 3.8 and 6.9. Over 1,600
    # tests the rates are .038 and .175, and above .99 both if single tracks swap labels.
    assert np.count_nonzero(np.array(p) <= 0.05) <= 15 + 3 * 3.8
    assert 60 - 4 * 6.9 <= np.count_nonzero(np.array(p) <= 0.2) <= 60 + 3 * 6.9


def test_the_null_holds_where_songs_of_some_genres_have_more_clips(rng):
    """Cluster at random a collection where songs of six of 16 genres have ten clips, not one."""
    songs = np.concatenate([np.arange(100), np.repeat(np.arange(100, 130), 10)])
    genres = np.concatenate([np.arange(100) // 10, np.repeat(10 + np.arange(30) // 5, 10)])
    dealt = np.vstack([genres, *resampling.shuffles(genres, songs, 39, rng)])
    p = []
    for _ in range(300):
        value, *shuffled = shuffled_scores(rng.integers(8, size=400), dealt)["nmi"]
        p.append(resampling.against_chance(value, np.array(shuffled)).p)
    # Over 900 tests the rates are .06 and .21, and .14 and .40 if all songs swap labels.
    assert np.count_nonzero(np.array(p) <= 0.05) <= 15 + 3 * 3.8
    assert 60 - 4 * 6.9 <= np.count_nonzero(np.array(p) <= 0.2) <= 60 + 3 * 6.9


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
