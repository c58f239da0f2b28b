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


def test_parts_of_a_song_swap_labels_where_it_has_several(rng):
    # The clips of c have one label each, those of a the same.
    labels = np.array(["x", "y", "y", "x", "y", "y"])
    assert resampling.parts(SONGS, labels).tolist() == [1, 0, 0, 2, 3, 4]
    shuffled = {tuple(one) for one in resampling.shuffles(labels, SONGS, 300, rng)}
    # Two of five parts are x.
    assert len(shuffled) == 10
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
