"""The data of the explorer's page."""

import json

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from hybridmusic.explorer import page
from hybridmusic.explorer.page import Space, Tracks


def tracks_of(n, genres=("a", "b"), languages=("english",)):
    ids = [f"s/{i}" for i in range(n)]
    random = np.random.default_rng(0)
    catalogue = pd.DataFrame(
        {
            "id": ids,
            "title": ids,
            "language": [languages[i % len(languages)] for i in range(n)],
            "genre": [genres[i % len(genres)] for i in range(n)],
            "song": ids,
        }
    )
    features = pd.DataFrame({"id": ids, "mfcc": list(random.normal(size=(n, 52)))})
    said = pd.DataFrame({"id": ids, "sentence": "…"})
    for name in ("tempo", "energy", "brightness", "rhythm"):
        features[name] = random.uniform(size=n)
        said[name] = random.integers(0, 3, n)
    return Tracks.joined(catalogue, features, said)


def test_colours_follow_tracks_whatever_their_clusters_are_called():
    tracks = tracks_of(9)
    space = Space("audio", list(tracks.ids), np.random.default_rng(0).normal(size=(9, 2)))
    one = pd.Series([0, 0, 0, 1, 1, 1, 2, 2, 2], tracks.ids)
    other = one.map({0: 5, 1: 3, 2: 4})
    like = page.spread(one, tracks)
    found = [
        page.by_clusters("k", "K", "Clusters", each, space, tracks, like) for each in (one, other)
    ]
    drawn = [[each["colours"][code] for code in each["codes"]] for each in found]
    assert drawn[0] == drawn[1] == one.to_list()
    assert found[1]["names"] == ["Cluster 3", "Cluster 4", "Cluster 5"]


def test_noise_and_what_was_not_clustered_have_no_cluster():
    tracks = tracks_of(6)
    space = Space("part", ["s/5", "s/1", "s/3"], np.array([[0.0], [1], [2]]), "genre")
    clusters = pd.Series([0, -1, 0], ["s/5", "s/1", "s/3"])
    found = page.by_clusters(
        "k", "K", "Clusters", clusters, space, tracks, page.spread(clusters, tracks)
    )
    assert found["codes"] == [-1, -1, -1, 0, -1, 0]
    assert found["cards"][0]["exemplars"] == [5, 3]
    assert found["label"] == "K†"
    assert any("was shown the genres" in note for note in found["notes"])


def test_labels_that_tell_nothing_apart_are_left_out():
    tracks = tracks_of(4, genres=("a", None, "b", None))
    assert page.by_label("language", "none", tracks) is None
    found = page.by_label("genre", "no genre", tracks)
    assert (found["names"], found["codes"]) == (["a", "b"], [0, -1, 1, -1])
    assert page.by_label("genre", "no genre", tracks_of(4, genres=(None,))) is None


def test_a_degenerate_space_is_said_to_be_so():
    tracks = tracks_of(4)
    space = Space("text", list(tracks.ids), np.zeros((4, 2)), "none", {"distinct_share": 0.1})
    assert space.notes(tracks) == ["text is degenerate: few distinct rows"]


@given(st.text())
def test_nothing_in_the_data_can_end_a_script_or_a_line(text):
    written = page.script({"titles": [text, "</script><!--", "\u2028&"]})
    assert written.isascii()
    body = written.removeprefix("const DATA = ").removesuffix(";\n")
    assert not set("<>&\n\r") & set(body)
    assert json.loads(body)["titles"] == [text, "</script><!--", "\u2028&"]
