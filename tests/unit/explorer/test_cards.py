"""Cards of clusters: distinctive words and features, and exemplars."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.explorer import cards


def test_distinctive_words_are_those_of_the_highest_odds():
    words = pd.DataFrame(
        {
            "tempo": ["slow"] * 8 + ["fast"] * 2 + ["slow"] * 2 + ["fast"] * 18,
            "energy": ["low", "high"] * 15,
        }
    )
    inside = np.arange(30) < 10
    assert cards.distinctive_words(words, inside) == [("slow", 0.8, 0.1)]


def test_distinctive_features_are_in_deviations():
    random = np.random.default_rng(0)
    inside = np.arange(4000) < 1000
    features = pd.DataFrame({"same": random.normal(size=4000), "rhythm": random.normal(size=4000)})
    features["loud"] = random.normal(size=4000) * 3 + np.where(inside, 6, 0)
    features["constant"] = 1.0
    [(name, by)] = cards.distinctive_features(features, inside)
    here, there = features["loud"][inside], features["loud"][~inside]
    expected = (here.mean() - there.mean()) / np.sqrt((here.var() + there.var()) / 2)
    assert (name, by) == ("loud", pytest.approx(expected))
    assert by == pytest.approx(2, abs=0.2)


def test_exemplars_are_central_and_of_different_songs_where_there_are_any():
    x = np.array([[0.0], [0.1], [-0.1], [1.0], [-1.2], [9.0]])
    inside = np.arange(6) < 5
    assert cards.exemplars(x, inside, np.array(list("aaabbc"))) == [0, 3, 2]
    assert cards.exemplars(x, inside, np.array(list("abcdef"))) == [0, 2, 1]
