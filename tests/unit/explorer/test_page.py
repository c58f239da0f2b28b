"""What the explorer shows, against independent computations."""

import json

import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from samples import RATE, tone
from scipy.spatial.distance import cdist
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

from hybridmusic.evaluation import trustworthiness as trust
from hybridmusic.explorer import cards, mp3, page
from hybridmusic.explorer.page import Space, Tracks


def made(n=60, d=6, seed=0):
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, d))
    return x, x[:, :2] + random.normal(size=(n, 2)) * 0.3


@pytest.mark.parametrize("k", [1, 5, 8])
def test_mean_trust_is_scikit_learns_trustworthiness(k):
    x, y = made()
    found = trust.surroundings(x, y, k)
    assert found.trust.mean() == pytest.approx(trustworthiness(x, y, n_neighbors=k))
    near = NearestNeighbors(n_neighbors=k).fit(x).kneighbors(return_distance=False)
    np.testing.assert_array_equal(found.nearest, near)


def test_trust_of_a_track_is_what_its_own_neighbours_cost():
    x, y = made(20)
    n, k = 20, 3
    order = np.argsort(cdist(x, x), axis=1)[:, 1:].tolist()
    for track, found in enumerate(trust.surroundings(x, y, k).trust):
        on_map = np.argsort(cdist(y, y)[track])[1 : k + 1]
        cost = sum(max(0, order[track].index(other) + 1 - k) for other in on_map)
        assert found == pytest.approx(1 - cost / (k * (2 * n - 3 * k - 1) / 2))


def test_blocks_change_nothing(monkeypatch):
    x, y = made()
    whole = trust.surroundings(x, y)
    monkeypatch.setattr(trust, "BLOCK", 500)
    blocks = trust.surroundings(x, y)
    np.testing.assert_array_equal(blocks.nearest, whole.nearest)
    np.testing.assert_array_equal(blocks.trust, whole.trust)


def test_a_map_that_is_the_space_is_trusted_and_one_upside_down_is_not():
    _, y = made()
    assert (trust.surroundings(y * 7 + 3, y).trust == 1).all()
    line = np.arange(40.0)
    # Neighbours on this map are as far apart as they can be: 0 beside 39, 1 beside 38.
    folded = np.column_stack([np.minimum(line, 39 - line), np.zeros(40)])
    assert trust.surroundings(line[:, None], folded, 2).trust[0] < 0.6


def test_equal_tracks_share_the_best_place():
    # 30 equal rows: whoever of them a map shows nearest is nearest indeed.
    x = np.concatenate([np.full((30, 50), 0.1), np.random.default_rng(0).normal(size=(10, 50))])
    y = np.random.default_rng(1).normal(size=(40, 2))
    y[30:] += 100
    assert (trust.surroundings(x, y).trust[:30] == 1).all()


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_few_tracks_have_fewer_neighbours(n):
    found = trust.surroundings(*made(n))
    assert found.nearest.shape == (n, (n - 1) // 2)
    assert np.isnan(found.trust).all() == (n < 3)


def test_words_that_tell_a_cluster_are_those_of_the_highest_odds():
    words = pd.DataFrame(
        {
            "tempo": ["slow"] * 8 + ["fast"] * 2 + ["slow"] * 2 + ["fast"] * 18,
            "energy": ["low", "high"] * 15,
        }
    )
    inside = np.arange(30) < 10
    assert cards.telling_words(words, inside) == [("slow", 0.8, 0.1)]


def test_features_that_tell_a_cluster_are_in_deviations():
    random = np.random.default_rng(0)
    inside = np.arange(4000) < 1000
    features = pd.DataFrame({"same": random.normal(size=4000), "rhythm": random.normal(size=4000)})
    features["loud"] = random.normal(size=4000) * 3 + np.where(inside, 6, 0)
    features["constant"] = 1.0
    [(name, by)] = cards.telling_features(features, inside)
    here, there = features["loud"][inside], features["loud"][~inside]
    expected = (here.mean() - there.mean()) / np.sqrt((here.var() + there.var()) / 2)
    assert (name, by) == ("loud", pytest.approx(expected))
    assert by == pytest.approx(2, abs=0.2)


def test_exemplars_are_central_and_of_different_songs_where_there_are_any():
    x = np.array([[0.0], [0.1], [-0.1], [1.0], [-1.2], [9.0]])
    inside = np.arange(6) < 5
    assert cards.exemplars(x, inside, np.array(list("aaabbc"))) == [0, 3, 2]
    assert cards.exemplars(x, inside, np.array(list("abcdef"))) == [0, 2, 1]


@given(
    st.integers(0, 100_000),
    st.floats(0.05, 600),
    st.sampled_from(mp3.BITRATES),
    st.floats(0.01, 1000),
)
def test_a_plan_fits_whatever_is_asked_for(tracks, seconds, bitrate, megabytes):
    plan = mp3.plan(tracks, seconds, bitrate, megabytes)
    assert plan.bitrate <= bitrate
    assert plan.seconds <= seconds
    total = min(plan.clips, tracks) * mp3.size(plan.bitrate, plan.seconds)
    assert total <= megabytes * 1e6 * (1 + 1e-9)


def test_a_plan_gives_up_bitrate_then_length_then_clips():
    assert mp3.plan(400, 3, 64, 30) == (64, 3, 400)
    assert mp3.plan(2000, 3, 64, 30) == (32, 3, 2000)
    shorter = mp3.plan(4000, 3, 64, 30)
    assert (shorter.bitrate, shorter.clips) == (24, 4000)
    assert 2 < shorter.seconds < 3
    fewer = mp3.plan(20_000, 3, 64, 30)
    assert (fewer.bitrate, fewer.seconds) == (24, 2)
    assert 4000 < fewer.clips < 5000
    np.testing.assert_array_equal(np.flatnonzero(mp3.chosen(10, 4)), [0, 2, 5, 7])
    assert mp3.chosen(3, 10).all()
    assert not mp3.chosen(3, 0).any()


@pytest.mark.parametrize("bitrate", mp3.BITRATES)
@pytest.mark.parametrize("seconds", [0.5, 3.0])
def test_a_clip_sounds_as_it_did_and_takes_what_was_planned(tmp_path, bitrate, seconds):
    clip = tmp_path / "clip.mp3"
    t = np.arange(4 * RATE) / RATE
    mp3.encode((0.5 * np.sin(2 * np.pi * 440 * t)).astype(np.float32), clip, bitrate, seconds)
    assert clip.stat().st_size <= mp3.size(bitrate, seconds)
    assert soundfile.info(clip).format == "MP3"
    y, rate = soundfile.read(clip)
    assert (rate, y.ndim) == (RATE, 1)
    assert len(y) / rate == pytest.approx(seconds, abs=0.1)
    spectrum = np.abs(np.fft.rfft(y))
    assert spectrum.argmax() * rate / len(y) == pytest.approx(440, abs=3)
    assert np.abs(y).max() == pytest.approx(0.5, abs=0.1)


def test_what_is_beyond_full_scale_is_made_quieter_and_equal_clips_are_equal_files(tmp_path):
    loud = tone(0) * 1000
    for name in ("a.mp3", "b.mp3"):
        mp3.encode(loud.copy(), tmp_path / name, 64, 2.0)
    assert (tmp_path / "a.mp3").read_bytes() == (tmp_path / "b.mp3").read_bytes()
    assert np.abs(soundfile.read(tmp_path / "a.mp3")[0]).max() < 1.1


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
