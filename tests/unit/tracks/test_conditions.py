"""Conditions give way to the labels that the tracks have."""

import pandas as pd
import pytest

from hybridmusic.terms import ELSEWHERE, GENRE, LANGUAGE, NONE, SUPERVISED
from hybridmusic.tracks.conditions import effective

CASES = [
    (["a", None], ["x", "y"], GENRE, GENRE),
    ([None, None], ["x", "y"], GENRE, LANGUAGE),
    ([None, None], ["x", "x"], GENRE, NONE),
    (["a", None], ["x", "x"], SUPERVISED, GENRE),
    ([None, None], ["x", "y"], SUPERVISED, NONE),
    (["a", "b"], ["x", "x"], LANGUAGE, NONE),
    (["a", "b"], ["x", "y"], NONE, NONE),
    ([None, None], ["x", "x"], ELSEWHERE, ELSEWHERE),
]


@pytest.mark.parametrize(("genres", "languages", "condition", "expected"), CASES)
def test_a_condition_gives_way_to_the_labels_of_the_tracks(genres, languages, condition, expected):
    tracks = pd.DataFrame({"genre": genres, "language": languages})
    assert effective(condition, tracks) == expected
