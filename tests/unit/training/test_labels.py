"""Labels for training: one-hot encoding, and the songs whose genres are shown."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.training import labels

# Two clips per song: 20 songs of rock, 10 of pop, one of jazz and one without a genre.
SONGS = [f"song {n // 2:02}" for n in range(64)]
GENRES = ["rock"] * 40 + ["pop"] * 20 + ["jazz"] * 2 + [None] * 2


def counts(chosen):
    """Count the chosen songs by genre; either both clips of a song are chosen, or none."""
    table = pd.DataFrame({"song": SONGS, "genre": GENRES})[chosen]
    assert (table.groupby("song").size() == 2).all()
    return table.drop_duplicates("song")["genre"].value_counts().to_dict()


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0, {}),
        (0.01, {"rock": 1, "pop": 1, "jazz": 1}),
        (0.5, {"rock": 10, "pop": 5, "jazz": 1}),
        (1, {"rock": 20, "pop": 10, "jazz": 1}),
    ],
)
def test_songs_are_labelled_whole_and_every_genre_has_its_share(share, expected):
    shown = counts(labels.labelled(SONGS, GENRES, share, seed=3))
    assert shown.keys() == expected.keys()
    for genre, number in expected.items():
        assert abs(shown[genre] - number) <= 1


def test_seeds_choose_different_songs_and_a_larger_share_contains_a_smaller_one():
    some, more = (labels.labelled(SONGS, GENRES, share, 3) for share in (0.3, 0.6))
    assert not (some & ~more).any()
    assert (some != labels.labelled(SONGS, GENRES, 0.3, 4)).any()
    np.testing.assert_array_equal(some, labels.labelled(SONGS, GENRES, 0.3, 3))


def test_targets_are_one_hot_where_shown_and_zero_elsewhere():
    targets = labels.targets(SONGS, GENRES, ["jazz", "pop", "rock"], [0.2, 1], [3, 4])
    assert targets.shape == (2, 64, 3)
    shown = labels.labelled(SONGS, GENRES, 0.2, 3)
    np.testing.assert_array_equal(targets[0].sum(axis=1), shown)
    np.testing.assert_array_equal(targets[1].argmax(axis=1)[:62], [2] * 40 + [1] * 20 + [0] * 2)
    assert labels.targets(["a", "b"], [None, None], [], [0.5], [0]).shape == (1, 2, 0)
