"""Only new clips are decoded, and the result is the same as if all had been."""

import logging
import re
import shutil
import tracemalloc
from itertools import chain
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from samples import RATE, clip_table, tone
from soundfile import write

from adapters.features import extract_features
from hybridmusic.descriptors import rich
from hybridmusic.sound.decoding import load_clip
from hybridmusic.sound.spectra import Sound


class Named(dict):
    """Names and values as Snakemake gives them to scripts."""

    __getattr__ = dict.__getitem__


@pytest.fixture
def extract(tmp_path, monkeypatch, caplog):
    """Run the adapter on a folder of clips; return rows, and the ids that were decoded."""
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
                        fingerprints=folder / f"{number}.fingerprints.parquet",
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
    return clip_table(6, file_path=[str(path) for path in paths])


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
    # Names do not matter, nor do two names of equal files.
    renamed = clips.assign(id=clips["id"] + "x")
    both, decoded = extract(pd.concat([clips, renamed], ignore_index=True))
    assert decoded == []
    assert both.loc["s/5x"].equals(both.loc["s/5"])


def test_a_change_of_clip_code_or_settings_decodes_again(extract, clips, tmp_path):
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


def test_another_number_of_shards_knows_the_same_clips(extract, clips):
    extract(clips, shards=2)
    assert extract(clips, shards=3)[1] == []
    assert extract(clips, shards=1)[1] == []


def test_clips_outside_of_the_catalogue_are_forgotten(extract, clips, tmp_path):
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
    """Return a description of each track, made without its clip."""
    names = ("tempo", "energy", "brightness", "rhythm")
    known = {"also": [], "fingerprint": [], "mfcc": np.zeros(52), **dict.fromkeys(names, 1.0)}
    return [{"id": name, **known} for name in tracks["id"]]


def test_a_killed_job_has_remembered_its_batches(extract, monkeypatch):
    many = clip_table(205, file_path="none")

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
    """Measure Python's memory per row; a dictionary would take 1.3 kB, and so would its copies."""
    monkeypatch.setattr(extract_features, "describe_tracks", lambda new, _: (made_up(new), []))

    def peak(n):
        tracks = clip_table(n, file_path="none")
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
