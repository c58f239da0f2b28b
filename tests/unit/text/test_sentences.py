"""Levels follow the paper's thresholds, and sentences its wording."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.text import sentences


def features(n=100, seed=0):
    random = np.random.default_rng(seed)
    table = {"tempo": random.uniform(60, 180, n)}
    for name in sentences.DESCRIPTORS[1:]:
        table[name] = random.permutation(n).astype(float)
        table[f"{name}_low"] = np.full(n, -2.0)
        table[f"{name}_high"] = np.full(n, -1.0)
    return pd.DataFrame(table)


@pytest.mark.parametrize(
    ("tempo", "level"), [(89.9, 0), (90.0, 1), (110.0, 1), (130.0, 1), (130.1, 2)]
)
def test_tempo_words_have_fixed_limits(tempo, level):
    table = features()
    table["tempo"] = tempo
    assert (sentences.levels(table, "corpus")["tempo"] == level).all()


def test_corpus_thresholds_split_in_33_34_33():
    levels = sentences.levels(features(100), "corpus")
    for name in ("energy", "brightness", "rhythm"):
        assert levels[name].value_counts().sort_index().to_list() == [33, 34, 33]


def test_track_thresholds_compare_a_track_with_its_own_frames():
    table = features(3)
    table["energy"], table["energy_low"], table["energy_high"] = [0.1, 0.5, 0.9], 0.3, 0.6
    assert sentences.levels(table, "track")["energy"].to_list() == [0, 1, 2]


def test_the_papers_sentence():
    level = pd.DataFrame({"tempo": [1], "energy": [2], "brightness": [2], "rhythm": [2]})
    assert sentences.write(level, ["english"]) == [
        "Audio with medium tempo, high energy, bright sound, complex rhythm"
    ]


@pytest.mark.parametrize("wording", sentences.WORDINGS)
def test_every_level_has_words_of_its_own(wording):
    grid = np.stack(np.meshgrid(*[range(3)] * 4), axis=-1).reshape(-1, 4)
    level = pd.DataFrame(grid, columns=sentences.DESCRIPTORS)
    assert len(set(sentences.write(level, [wording] * len(level)))) == 81


def test_own_wording_follows_the_language():
    wordings = sentences.wordings_of(["english", "bangla", "hindi"], "own")
    assert wordings == ["english", "bangla", "english"]
    assert sentences.wordings_of(["english", "bangla"], "bangla") == ["bangla", "bangla"]
    level = pd.DataFrame({"tempo": [0], "energy": [0], "brightness": [0], "rhythm": [0]})
    # Bengali letters, U+0980 to U+09FF
    assert any("\u0980" <= letter <= "\u09ff" for letter in sentences.write(level, ["bangla"])[0])
