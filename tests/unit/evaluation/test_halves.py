"""Halves of a collection: of the units of each stratum, equally many tracks, and a true spread."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.evaluation.halves import deviations, halves, strata

UNITS = np.repeat(np.arange(60), 2)
STRATA = np.repeat(["a", "b", "c"], [70, 36, 14])  # 35, 18 and 7 units


def test_units_are_drawn_whole_and_half_of_each_stratum():
    drawn = halves(UNITS, STRATA, 50, seed=0)
    assert drawn.shape == (50, 120)
    assert set(drawn.sum(axis=1)) == {60}
    assert (drawn[:, ::2] == drawn[:, 1::2]).all()
    for stratum, units in (("a", 35), ("b", 18), ("c", 7)):
        counts = drawn[:, stratum == STRATA].sum(axis=1) / 2
        assert set(counts) == {units // 2, -(-units // 2)}
    assert len(np.unique(drawn, axis=0)) == 50
    np.testing.assert_array_equal(drawn[1::2], ~drawn[::2])
    np.testing.assert_array_equal(drawn, halves(UNITS, STRATA, 50, seed=0))


def test_units_are_drawn_equally_often():
    drawn = halves(UNITS, STRATA, 4000, seed=1)
    assert drawn.mean(axis=0) == pytest.approx(np.full(120, 0.5), abs=0.04)


def test_halves_of_unequal_units_have_equally_many_tracks():
    units = np.repeat(np.arange(20), np.arange(1, 21))
    drawn = halves(units, np.zeros(210), 30, seed=2)
    assert len(set(drawn.sum(axis=1))) == 1
    # 210 tracks; units of similar size go to different halves.
    assert drawn.sum(axis=1)[0] >= 100
    # No unit vanishes, for its first track represents it at song level.
    firsts = np.unique(units, return_index=True)[1]
    assert set(drawn[:, firsts].sum(axis=1)) == {10}
    assert (drawn[:, firsts].sum(axis=0) > 0).all()


def test_a_unit_keeps_its_first_track_even_where_halves_become_unequal():
    drawn = halves(np.repeat(["long", "a", "b", "c"], [9, 1, 1, 1]), np.zeros(12), 20, seed=3)
    assert set(drawn[:, [0, 9, 10, 11]].sum(axis=1)) == {2}


def test_the_spread_of_halves_is_that_of_the_collection():
    """Compare the standard error of a mean with its formula, over units and within strata."""
    random = np.random.default_rng(3)
    levels = np.where(STRATA == "a", 5.0, 0.0)[::2]
    variances = []
    for _ in range(60):
        values = (levels + random.normal(size=60))[UNITS]
        drawn = halves(UNITS, STRATA, 100, seed=int(random.integers(1000)))
        means = [np.mean([values[half & (s == STRATA)].mean() for s in "abc"]) for half in drawn]
        variances.append(np.var(deviations(np.array(means)), ddof=1))
    expected = np.sqrt(np.mean([1 / 35, 1 / 18, 1 / 7]) / 3)
    # 1.02 ± 0.02 of it; a stratum of 7 units is halved to 3 or 4.
    assert np.sqrt(np.mean(variances)) == pytest.approx(expected, rel=0.1)


def test_fits_that_are_less_stable_on_halves_do_not_inflate_the_error():
    random, single, split = np.random.default_rng(4), [], []
    for _ in range(200):
        values = random.normal(size=60)
        drawn = halves(np.arange(60), np.zeros(60), 40, seed=int(random.integers(1000)))
        # A mean, plus an error of the fit that has the variance of the mean.
        scores = np.array([values[half].mean() for half in drawn])
        scores += random.normal(size=40) / np.sqrt(30)
        single.append(np.var(scores, ddof=1))
        split.append(np.var(deviations(scores), ddof=1))
    true = 2 / 60
    # 1.01 ± 0.01 and 1.53 ± 0.02 of the variance of all 60 units.
    assert np.mean(split) == pytest.approx(true, rel=0.1)
    assert np.mean(single) > 1.3 * true


def test_strata_are_genres_within_languages():
    tracks = pd.DataFrame({"genre": ["pop", "pop", None], "language": ["x", "y", "x"]})
    assert strata(tracks).nunique() == 3


def test_an_artist_of_many_tracks_does_not_shrink_the_halves():
    units = np.repeat(np.arange(7), [30, 28, 5, 5, 4, 4, 1])
    drawn = halves(units, np.zeros(77), 40, seed=5)
    # The two large ones are never together; at most 30 + 5 + 4 + 1 of 77 tracks are a half.
    assert (drawn[:, 0] != drawn[:, 30]).all()
    assert drawn.sum(axis=1)[0] >= 37
    assert len(np.unique(drawn, axis=0)) > 8
