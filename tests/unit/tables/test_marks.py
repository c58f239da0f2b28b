"""Marks behind labels, and the notes that explain them."""

import pandas as pd
import pytest

from hybridmusic.tables.marks import discovers, marked, marked_by_name, notes_on_marks
from hybridmusic.terms import ELSEWHERE, GENRE, LANGUAGE, NONE

METHODS = pd.DataFrame(
    {"label": ["A", "B", "C", "D"], "effective": [GENRE, LANGUAGE, ELSEWHERE, GENRE]}
)


@pytest.mark.parametrize(
    ("genres", "condition", "label"),
    [
        (["a", None], GENRE, "A†"),
        ([None, None], GENRE, "A"),
        (["a", None], LANGUAGE, "A"),
        (["a", None], NONE, "A"),
        ([None, None], ELSEWHERE, "A‡"),
    ],
)
def test_a_label_is_marked_by_its_effective_condition(genres, condition, label):
    tracks = pd.DataFrame({"genre": genres, "language": ["x", "y"]})
    assert marked("A", condition, tracks) == label


def test_marked_methods_discover_nothing_and_are_named_below_the_table():
    assert discovers(METHODS).to_list() == [False, True, False, False]
    genre, elsewhere = notes_on_marks(METHODS)
    assert genre.startswith("† saw genre labels")
    assert genre.endswith(": A, D.")
    assert elsewhere.startswith("‡ made with a model")
    assert elsewhere.endswith(": C.")
    assert notes_on_marks(METHODS[1:2]) == []


def test_spaces_are_labelled_by_their_marked_names():
    tracks = pd.DataFrame({"genre": ["a"], "language": ["x"]})
    labels = marked_by_name(["audio", "cond"], [NONE, GENRE], tracks)
    assert labels == {"audio": "audio", "cond": "cond†"}
