"""Cache keys follow content, start, code, settings and libraries, and no names."""

import numpy as np
import pandas as pd
from samples import clip_table

from hybridmusic.sound import cache_keys


def test_shards_cover_all_tracks_about_equally_and_ignore_names():
    tracks = clip_table(4000)
    shards = [cache_keys.shard(tracks, number, 8) for number in range(8)]
    assert sorted(pd.concat(shards)["id"]) == sorted(tracks["id"])
    # 500 of each are expected, with a deviation of 21.
    assert all(400 < len(shard) < 600 for shard in shards)
    renamed = tracks.assign(id=tracks["id"] + "x").iloc[::-1][:-5]
    for number, shard in enumerate(shards):
        again = cache_keys.shard(renamed, number, 8)
        assert set(again["content"]) == set(shard["content"]) & set(renamed["content"])


def test_shards_of_one_song_and_of_nothing():
    segments = clip_table(400, content="same", start=np.arange(400) * 3.0)
    sizes = [len(cache_keys.shard(segments, number, 4)) for number in range(4)]
    assert sum(sizes) == 400
    assert min(sizes) > 60
    unreadable = clip_table(3, content=None)
    assert sum(len(cache_keys.shard(unreadable, number, 2)) for number in range(2)) == 3
    assert cache_keys.shard(clip_table(0), 0, 2).empty


def test_keys_depend_on_the_clip_and_on_the_stamp():
    tracks = clip_table(4, content=["a", "a", "b", None], start=[0.0, 3.0, 0.0, 0.0])
    keys = cache_keys.keys(tracks, "x")
    assert keys[3] is None
    assert len({*keys, *cache_keys.keys(tracks, "y")}) == 7
    assert keys[:3] == cache_keys.keys(tracks.assign(id="other"), "x")[:3]


def test_a_stamp_depends_on_code_settings_and_libraries(monkeypatch):
    stamps = [
        cache_keys.stamp([b"a", b"b"], {"seconds": 3.0, "least": 1.0}),
        cache_keys.stamp([b"ab", b""], {"seconds": 3.0, "least": 1.0}),
        cache_keys.stamp([b"a", b"b"], {"seconds": 2.0, "least": 1.0}),
    ]
    assert cache_keys.stamp([b"a", b"b"], {"least": 1.0, "seconds": 3.0}) == stamps[0]
    monkeypatch.setattr(cache_keys.metadata, "version", lambda name: "0")
    stamps.append(cache_keys.stamp([b"a", b"b"], {"seconds": 3.0, "least": 1.0}))
    assert len(set(stamps)) == 4
