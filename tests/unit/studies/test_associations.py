"""Associations against SciPy, scikit-learn and answers worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kstest
from scipy.stats.contingency import association, crosstab
from sklearn.metrics import mutual_info_score

from hybridmusic.studies.associations import associate, associations, cramers_v, holm

SONGS = np.repeat(np.arange(80), 4)


def independent(rng):
    """Return words and genres that are constant within songs, and independent of each other."""
    words = np.array(["low", "medium", "high"])[rng.integers(3, size=80)]
    genres = np.array(["folk", "metal", "pop", "rock"])[rng.integers(4, size=80)]
    return words[SONGS], genres[SONGS]


def test_an_association_is_scipys():
    rng = np.random.default_rng(0)
    words, genres = independent(rng)
    genres = np.where(words == "high", "rock", genres)
    result = associate(words, genres, SONGS, 99, rng)
    table = crosstab(words, genres).count
    v = association(table, method="cramer")  # not corrected for bias
    assert result.chi_squared == pytest.approx(2 * v**2 * len(SONGS))
    assert result.degrees == 6
    assert result.information == pytest.approx(mutual_info_score(words, genres))
    assert result.p == pytest.approx(0.01)
    # Bergsma's correction for 3 words, 4 genres and 320 tracks.
    expected = np.sqrt((2 * v**2 - 6 / 319) / (3 - 4 / 319 - 1))
    assert result.cramers_v == pytest.approx(expected)


def test_permutations_respect_songs_and_chi_squared_does_not():
    rng = np.random.default_rng(1)
    result = [associate(*independent(rng), SONGS, 99, rng) for _ in range(150)]
    assert kstest([one.p for one in result], "uniform").pvalue > 0.01
    assert np.mean([one.p_independent <= 0.05 for one in result]) > 0.3


def test_cramers_v_of_clips_is_above_0_by_chance_and_stands_next_to_its_chance():
    rng = np.random.default_rng(3)
    once = [associate(*independent(rng), SONGS, 99, rng) for _ in range(60)]
    v, chance = np.array([(one.cramers_v, one.chance_v) for one in once]).T
    # 0.13 ± 0.01 over 20 seeds, although nothing is associated.
    assert chance.mean() > 0.1
    assert v.mean() == pytest.approx(chance.mean(), abs=4 * v.std() / np.sqrt(60))
    words, genres = independent(rng)
    planted = associate(np.where(genres == "rock", "high", words), genres, SONGS, 99, rng)
    assert planted.cramers_v > planted.chance_v + 0.2
    # One clip for each song: the correction suffices.
    single = [
        associate(*(one[::4] for one in (*independent(rng), SONGS)), 99, rng).chance_v
        for _ in range(20)
    ]
    assert np.mean(single) < 0.08


def test_cramers_v_of_known_tables():
    assert cramers_v(np.diag([30, 30, 30])) == pytest.approx(1)
    assert cramers_v(np.array([np.diag([9, 9]), [[9, 9], [9, 9]]])).tolist() == [1, 0]
    assert cramers_v(np.full((3, 4), 10)) == 0
    assert np.isnan(cramers_v(np.array([[10, 20, 30]])))
    rng = np.random.default_rng(2)
    tables = rng.multinomial(60, np.full(18, 1 / 18), size=300).reshape(-1, 3, 6)
    tables = [one for one in tables if one.sum(axis=0).all()]
    raw = np.mean([association(one, method="cramer") for one in tables])
    assert raw > 0.25
    # 0.071 ± 0.005, a quarter of the raw 0.284 ± 0.003, over 9 seeds.
    assert np.mean([cramers_v(one) for one in tables]) < 0.4 * raw


def test_a_constant_word_is_associated_with_nothing():
    result = associate(["low"] * 6, ["a", "b"] * 3, range(6), 9, np.random.default_rng(0))
    assert result[:3] == (0, 0, 1)
    assert np.isnan(result.cramers_v)
    assert np.isnan(result.chance_v)
    assert result[5:] == (0, 1)


def test_holm_corrects_for_the_number_of_tests():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == pytest.approx([1, 1])


def collection(rng):
    """Return words of 320 tracks that depend on language alone, and genres of one language each."""
    _, genres = independent(rng)
    language = np.where(np.isin(genres, ["folk", "pop"]), "bangla", "english")
    words = pd.DataFrame({"energy": language, "rhythm": rng.integers(3, size=80)[SONGS]})
    return words, pd.DataFrame({"genre": genres, "language": language, "unit": SONGS})


def test_words_of_a_language_are_associated_with_genre_but_not_within_it():
    words, tracks = collection(np.random.default_rng(5))
    table = associations(words, tracks, 199, 0).set_index(["words", "label"])
    assert table["p"].to_list()[::2] == [0.005, 0.005]
    assert table["p_holm"].to_list() == holm(table["p"]).tolist()
    assert table["p_in_language"]["energy", "genre"] == 1
    assert table["p_holm"]["rhythm", "genre"] > 0.05
    assert np.isnan(table["p_in_language"]["energy", "language"])
    assert table["information"]["energy", "language"] == pytest.approx(
        mutual_info_score(tracks["language"], tracks["language"])
    )


def test_tracks_without_a_genre_are_left_out_and_so_is_a_label_of_one_kind():
    words, tracks = collection(np.random.default_rng(7))
    tracks["language"] = "bangla"
    tracks.loc[:9, "genre"] = None
    table = associations(words, tracks, 19, 0)
    assert table["label"].to_list() == ["genre", "genre"]
    assert table["tracks"].to_list() == [310, 310]
    empty = associations(words, tracks.assign(genre=None), 19, 0)
    assert empty.empty
