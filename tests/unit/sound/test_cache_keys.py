"""Only what is new is decoded, and what comes out is the same as if everything had been."""

import logging
import re
import shutil
import tracemalloc
from itertools import chain
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from samples import RATE, tone
from soundfile import write

from adapters.features import extract_features
from hybridmusic.descriptors import rich
from hybridmusic.sound import cache_keys
from hybridmusic.sound.decoding import load_clip
from hybridmusic.sound.spectra import Sound


def catalogue(n: int, **columns) -> pd.DataFrame:
    defaults = {"id": [f"s/{i}" for i in range(n)], "content": [f"c{i}" for i in range(n)]}
    return pd.DataFrame(defaults | {"start": 0.0} | columns)


def test_shards_are_all_tracks_about_equally_and_whatever_they_are_called():
    tracks = catalogue(4000)
    shards = [cache_keys.shard(tracks, number, 8) for number in range(8)]
    assert sorted(pd.concat(shards)["id"]) == sorted(tracks["id"])
    # 500 of each are expected, with a deviation of 21.
    assert all(400 < len(shard) < 600 for shard in shards)
    renamed = tracks.assign(id=tracks["id"] + "x").iloc[::-1][:-5]
    for number, shard in enumerate(shards):
        again = cache_keys.shard(renamed, number, 8)
        assert set(again["content"]) == set(shard["content"]) & set(renamed["content"])


def test_shards_of_one_song_and_of_nothing():
    segments = catalogue(400, content="same", start=np.arange(400) * 3.0)
    sizes = [len(cache_keys.shard(segments, number, 4)) for number in range(4)]
    assert sum(sizes) == 400
    assert min(sizes) > 60
    unreadable = catalogue(3, content=None)
    assert sum(len(cache_keys.shard(unreadable, number, 2)) for number in range(2)) == 3
    assert cache_keys.shard(catalogue(0), 0, 2).empty


def test_keys_tell_clips_and_what_they_were_described_with():
    tracks = catalogue(4, content=["a", "a", "b", None], start=[0.0, 3.0, 0.0, 0.0])
    keys = cache_keys.keys(tracks, "x")
    assert keys[3] is None
    assert len({*keys, *cache_keys.keys(tracks, "y")}) == 7
    assert keys[:3] == cache_keys.keys(tracks.assign(id="other"), "x")[:3]


def test_a_stamp_is_of_code_settings_and_libraries(monkeypatch):
    stamps = [
        cache_keys.stamp([b"a", b"b"], {"seconds": 3.0, "least": 1.0}),
        cache_keys.stamp([b"ab", b""], {"seconds": 3.0, "least": 1.0}),
        cache_keys.stamp([b"a", b"b"], {"seconds": 2.0, "least": 1.0}),
    ]
    assert cache_keys.stamp([b"a", b"b"], {"least": 1.0, "seconds": 3.0}) == stamps[0]
    monkeypatch.setattr(cache_keys.metadata, "version", lambda name: "0")
    stamps.append(cache_keys.stamp([b"a", b"b"], {"seconds": 3.0, "least": 1.0}))
    assert len(set(stamps)) == 4


class Named(dict):
    """Names and values as Snakemake gives them to scripts."""

    __getattr__ = dict.__getitem__


@pytest.fixture
def extract(tmp_path, monkeypatch, caplog):
    """Run the adapter on a folder of clips; rows, and which ids were decoded."""
    caplog.set_level(logging.INFO)
    folder = tmp_path / "features"
    decoded = []
    describe_tracks = extract_features.describe_tracks

    def watched(tracks, *settings):
        decoded.extend(tracks["id"])
        return describe_tracks(tracks, *settings)

    monkeypatch.setattr(extract_features, "describe_tracks", watched)

    def run(tracks, shards=2, min_seconds=1.0, code=(), also=()):
        tracks.to_parquet(tmp_path / "catalogue.parquet")
        decoded.clear()
        for number in range(shards):
            extract_features.main(
                SimpleNamespace(
                    input=Named(catalogue=tmp_path / "catalogue.parquet", code=code),
                    output=Named(
                        features=folder / f"{number}.parquet",
                        descriptors=[folder / name / f"{number}.parquet" for name in also],
                        rejected=folder / f"{number}.csv",
                    ),
                    params=Named(
                        shards=shards,
                        also=list(also),
                        clip_seconds=2.0,
                        min_seconds=min_seconds,
                        decode_seconds=30,
                        decode_megabytes=1024,
                    ),
                    wildcards=Named(shard=str(number)),
                )
            )
        parts = [pd.read_parquet(folder / f"{number}.parquet") for number in range(shards)]
        rows = pd.concat([part for part in parts if len(part)]).set_index("id")
        return rows.reindex(tracks["id"]), sorted(decoded)

    return run


@pytest.fixture
def clips(tmp_path) -> pd.DataFrame:
    paths = [tmp_path / f"{seed}.wav" for seed in range(6)]
    for seed, path in enumerate(paths):
        write(path, tone(seed), RATE)
    return catalogue(6, file_path=[str(path) for path in paths])


def test_only_new_clips_are_decoded(extract, clips, caplog):
    rows, decoded = extract(clips[:4])
    assert decoded == ["s/0", "s/1", "s/2", "s/3"]
    assert rows["tempo"].notna().all()
    caplog.clear()
    more, decoded = extract(clips)
    assert decoded == ["s/4", "s/5"]
    pd.testing.assert_frame_equal(more[:4], rows)
    said = re.findall(r"(\d) of (\d) clips known, (\d) decoded", caplog.text)
    assert [sum(map(int, numbers)) for numbers in zip(*said, strict=True)] == [4, 6, 2]
    # A name is nothing, and so is one for each of two equal files.
    renamed = clips.assign(id=clips["id"] + "x")
    both, decoded = extract(pd.concat([clips, renamed], ignore_index=True))
    assert decoded == []
    assert both.loc["s/5x"].equals(both.loc["s/5"])


def test_a_clip_that_is_another_is_decoded(extract, clips, tmp_path):
    extract(clips)
    assert extract(clips)[1] == []
    for changed in (
        clips.assign(start=[0.5, *[0.0] * 5]),
        clips.assign(content=["new", *clips["content"][1:]]),
    ):
        assert extract(changed)[1] == ["s/0"]
    (tmp_path / "code.py").write_text("# edited")
    assert len(extract(clips, code=[tmp_path / "code.py"])[1]) == 6
    assert len(extract(clips, min_seconds=1.5)[1]) == 6
    assert len(extract(clips, also=["rich"])[1]) == 6


def test_descriptors_are_remembered_as_features_are(extract, clips, tmp_path):
    def written():
        parts = [pd.read_parquet(path) for path in sorted((tmp_path / "features/rich").iterdir())]
        return pd.concat(parts).set_index("id").sort_index()

    extract(clips[:4], also=["rich"])
    first = written()
    assert list(first) == list(chain(*rich.GROUPS.values()))
    expected = rich.describe(Sound(load_clip(clips["file_path"][2], 0.0, 2.0, 1.0)))
    np.testing.assert_array_equal(first.loc["s/2"], expected.astype(np.float32))
    assert extract(clips, also=["rich"])[1] == ["s/4", "s/5"]
    pd.testing.assert_frame_equal(written()[:4], first)


def test_other_shards_know_the_same(extract, clips):
    extract(clips, shards=2)
    assert extract(clips, shards=3)[1] == []
    assert extract(clips, shards=1)[1] == []


def test_what_the_catalogue_has_no_more_is_forgotten(extract, clips, tmp_path):
    extract(clips)
    extract(clips[:2])
    remembered = [pd.read_parquet(path) for path in (tmp_path / "features/known").iterdir()]
    assert sum(map(len, remembered)) == 2
    assert extract(clips)[1] == ["s/2", "s/3", "s/4", "s/5"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-100],
        lambda content: content[:300] + bytes(8) + content[308:],
        lambda content: pd.DataFrame({"id": ["x"]}).to_parquet(),
    ],
    ids=["empty", "cut", "overwritten", "other"],
)
def test_a_damaged_memory_is_ignored_with_a_warning(extract, clips, tmp_path, caplog, damage):
    rows, _ = extract(clips, shards=1)
    memory = tmp_path / "features/known/0-of-1.parquet"
    memory.write_bytes(damage(memory.read_bytes()))
    again, decoded = extract(clips, shards=1)
    assert len(decoded) == 6
    assert "0-of-1.parquet cannot be read, so its clips are decoded again" in caplog.text
    pd.testing.assert_frame_equal(again, rows)
    assert extract(clips, shards=1)[1] == []


def made_up(tracks: pd.DataFrame) -> list[dict]:
    """A description of each track, without its clip."""
    names = ("tempo", "energy", "brightness", "rhythm")
    return [
        {"id": name, "also": [], "mfcc": np.zeros(52), **dict.fromkeys(names, 1.0)}
        for name in tracks["id"]
    ]


def test_a_killed_job_has_remembered_its_batches(extract, monkeypatch):
    many = catalogue(205, file_path="none")

    def described_until(stop):
        calls = []

        def describe_tracks(tracks, *_):
            calls.append(len(tracks))
            if len(calls) == stop:
                raise KeyboardInterrupt
            return made_up(tracks), []

        monkeypatch.setattr(extract_features, "describe_tracks", describe_tracks)
        return calls

    described_until(3)
    with pytest.raises(KeyboardInterrupt):
        extract(many, shards=1)
    calls = described_until(None)
    rows, _ = extract(many, shards=1)
    assert calls == [5]
    assert len(rows.dropna(subset="tempo")) == 205


def test_a_job_holds_no_more_of_a_row_than_its_numbers(extract, tmp_path, monkeypatch):
    """Python's share for one row more; as dictionaries they would take 1.3 kB each, and copies."""
    monkeypatch.setattr(extract_features, "describe_tracks", lambda new, _: (made_up(new), []))

    def peak(n):
        tracks = catalogue(n, file_path="none")
        shutil.rmtree(tmp_path / "features", ignore_errors=True)
        tracemalloc.start()
        rows, _ = extract(tracks, shards=1)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(rows) == n
        return most

    peak(100)
    assert (peak(6000) - peak(3000)) / 3000 < 1000


def test_rejected_clips_are_rejected_again(extract, clips, tmp_path):
    write(tmp_path / "0.wav", np.zeros(2 * RATE), RATE)
    for _ in range(2):
        rows, decoded = extract(clips)
        assert rows["tempo"].isna().to_list() == [True, *[False] * 5]
        rejected = [pd.read_csv(path) for path in (tmp_path / "features").glob("*.csv")]
        assert pd.concat(rejected)["reason"].to_list() == ["is silent"]
    assert decoded == ["s/0"]


def logged(project) -> list[int]:
    """Over all shards: clips known, clips in all, clips decoded."""
    logs = sorted((project.results / "logs").glob("extract_features_*.log"))
    pattern = r"(\d+) of (\d+) clips known, (\d+) decoded"
    found = [re.search(pattern, log.read_text()).groups() for log in logs]
    return [sum(map(int, numbers)) for numbers in zip(*found, strict=True)]


def test_a_run_decodes_what_was_added_and_an_edit_decodes_all(copied):
    """One file added, one renamed, one copied; then the code that describes is edited."""
    assert logged(copied) == [0, 26, 26]
    blues = copied.folder / "music/english/blues"
    write(blues / "new.wav", tone(1000), RATE)
    (blues / "0.wav").rename(blues / "renamed.wav")
    (blues / "copy.wav").write_bytes((blues / "1.wav").read_bytes())
    copied.succeed("features")
    # The new one, and the two of the collection that are rejected each time.
    assert logged(copied) == [25, 28, 3]
    features = (copied.results / "features.parquet").read_bytes()
    ids = set(pd.read_parquet(copied.results / "features.parquet")["id"])
    assert {f"en/blues/{name}.wav" for name in ("new", "renamed", "copy")} <= ids
    equal = pd.read_csv(copied.results / "duplicates.csv")
    assert equal["id"].to_list() == ["en/blues/1.wav", "en/blues/copy.wav"]

    module = copied.folder / "workflow/scripts/hybridmusic/sound/features.py"
    module.write_text(module.read_text() + "\n# edited\n")
    copied.succeed("features")
    assert logged(copied) == [0, 28, 28]
    assert (copied.results / "features.parquet").read_bytes() == features
