"""Methods in tables: conditions, methods left out, and marks."""

import pandas as pd
from scoring import METHODS, scores

from hybridmusic.tables.methods import described, kept, marked_labels
from hybridmusic.tables.scores import table


def test_methods_have_the_condition_that_tracks_allow():
    tracks = pd.DataFrame({"genre": [None, None], "language": ["x", "y"]})
    conditions = ["none", "genre", "supervised"]
    found = described(list("abc"), list("ABC"), list("xyz"), conditions, tracks)
    assert found["condition"].to_list() == ["none", "genre", "genre"]
    assert found["effective"].to_list() == ["none", "language", "none"]


def test_methods_without_a_condition_to_go_by_are_left_out():
    methods = METHODS.assign(effective=["none", "none", "none"])
    assert kept(methods)["name"].to_list() == ["one", "free"]
    assert kept(methods).index.to_list() == [0, 1]
    assert kept(METHODS)["name"].to_list() == ["one", "two", "free"]


def test_labels_are_marked_by_what_methods_saw_and_beat():
    marked = marked_labels(table(scores(), METHODS, 8, "hybrid"), METHODS, {"two"})
    assert marked["Method"].to_list() == ["One", "Two & <b>† *", "Free"]
