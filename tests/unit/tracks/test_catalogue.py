"""Listed tracks become a catalogue: cut into segments, sampled, and balanced by language."""

import json
import logging
from itertools import pairwise
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import touch

from adapters.tracks import list_tracks
from hybridmusic.errors import ClipError, InputError
from hybridmusic.tracks import catalogue
from hybridmusic.tracks.sources import COLUMNS


def tracks_of(**counts):
    rows = [
        {"id": f"{language}/{n}", "language": language}
        for language, count in counts.items()
        for n in range(count)
    ]
    return pd.DataFrame(rows)


def test_sample_is_seeded_and_keeps_the_order(caplog):
    tracks = tracks_of(english=50)
    one, same = (catalogue.sample(tracks, 10, "s", seed=1) for _ in range(2))
    other = catalogue.sample(tracks, 10, "s", seed=2)
    assert one["id"].to_list() == same["id"].to_list() != other["id"].to_list()
    assert one.index.is_monotonic_increasing
    assert len(catalogue.sample(tracks, 60, "s", seed=1)) == 50
    assert "fewer than the sample of 60" in caplog.text


@given(
    st.dictionaries(st.sampled_from(["english", "bangla", "hindi"]), st.integers(1, 30), min_size=1)
)
def test_balance_leaves_as_many_of_each(counts):
    balanced = catalogue.balance(tracks_of(**counts), seed=0)
    assert set(balanced["language"].value_counts()) == {min(counts.values())}
    assert set(balanced["language"]) == set(counts)
    assert balanced["id"].is_unique


def test_a_removed_track_changes_at_most_one_of_the_drawn():
    tracks = tracks_of(english=50)
    drawn = set(catalogue.sample(tracks, 10, "s", seed=1)["id"])
    for missing in range(50):
        fewer = set(catalogue.sample(tracks.drop(index=missing), 10, "s", seed=1)["id"])
        lost = {f"english/{missing}"} & drawn
        assert len(fewer) == 10
        assert drawn - fewer == lost


def test_every_track_is_drawn_as_often():
    tracks = tracks_of(english=20)
    drawn = pd.concat([catalogue.sample(tracks, 5, "s", seed=seed) for seed in range(400)])
    counts = drawn["id"].value_counts()
    # 100 of each are expected, with a deviation of 8.7.
    assert len(counts) == 20
    assert counts.between(60, 140).all()


def cuttable(**contents):
    rows = [
        [f"s/{n}", "s", n, "english", None, f"song {n}", None, None, n, 0.0, content]
        for n, content in contents.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


SECONDS = {"long": 9.5, "short": 4.0, "tiny": 1.0}


def durations(tracks):
    return [SECONDS.get(path, ClipError("cannot be decoded")) for path in tracks["file_path"]]


def test_segments_are_whole_and_numbered():
    tracks = cuttable(long="a", short="b", bad="c")
    rows = catalogue.segment(tracks, 3.0, "all", "start", durations(tracks))
    assert rows["id"].to_list() == ["s/long#0", "s/long#1", "s/long#2", "s/short", "s/bad"]
    assert rows["start"].to_list() == [0, 3, 6, 0, 0]
    assert rows["song"].to_list() == ["song long"] * 3 + ["song short", "song bad"]
    assert rows["content"].to_list() == ["a", "a", "a", "b", "c"]


@pytest.mark.parametrize(
    ("segments", "cut_from", "expected"),
    [
        (1, "start", [0]),
        (1, "middle", [3.25]),
        (1, "spread", [0]),
        (2, "start", [0, 3]),
        (2, "middle", [1.75, 4.75]),
        (2, "spread", [0, 6.5]),
        (3, "spread", [0, 3.25, 6.5]),
        (9, "middle", [0.25, 3.25, 6.25]),
        ("all", "spread", [0, 3.25, 6.5]),
    ],
)
def test_segments_are_cut_where_the_setting_says(segments, cut_from, expected):
    rows = catalogue.segment(cuttable(long="a"), 3.0, segments, cut_from, [9.5])
    assert rows["start"].to_list() == expected
    assert len(rows) == 1 or rows["id"].str.fullmatch(r"s/long#\d").all()


@given(
    st.floats(0.01, 1000),
    st.floats(0.5, 30),
    st.one_of(st.integers(1, 40), st.just("all")),
    st.sampled_from(["start", "middle", "spread"]),
)
def test_segments_never_overlap_and_stay_inside_the_file(length, seconds, segments, cut_from):
    begins = catalogue.starts(length, seconds, segments, cut_from)
    room = int(length // seconds)
    wanted = room if segments == "all" else min(segments, room)
    assert len(begins) in {max(1, wanted), max(1, int(length / seconds + 1e-5))}
    assert begins[0] >= 0
    assert all(b - a >= seconds - 1e-6 for a, b in pairwise(begins))
    if room:
        assert begins[-1] + seconds <= length + 1e-4
    if cut_from == "middle":
        assert begins[0] == pytest.approx(max(0, length - begins[-1] - seconds), abs=1e-4)
    if cut_from == "spread" and len(begins) > 1:
        assert begins[-1] + seconds == pytest.approx(length, abs=1e-4)


def test_files_without_content_and_rows_of_tables_are_not_decoded():
    tracks = cuttable(pipe=None, table="t").assign(start=[0.0, float("nan")])
    none = list_tracks.durations(tracks, seconds=30, megabytes=1024)
    rows = catalogue.segment(tracks, 3.0, "all", "start", none)
    assert rows["id"].to_list() == ["s/pipe", "s/table"]
    assert rows["start"].isna().to_list() == [False, True]


def test_duplicates_follow_each_other_and_the_first_is_kept():
    tracks = cuttable(a="x", b="y", c="z", d="y", e="x", f=None, g=None, h="x")
    equal = catalogue.duplicates(tracks, drop=True)
    assert list(equal) == ["content", "id", "file_path", "kept"]
    assert equal["file_path"].to_list() == ["a", "e", "h", "b", "d"]
    assert equal["kept"].to_list() == [True, False, False, True, False]
    assert equal.index.to_list() == [0, 4, 7, 1, 3]
    assert catalogue.duplicates(tracks, drop=False)["kept"].all()
    none = catalogue.duplicates(cuttable(a="x", b=None), drop=True)
    assert none.empty
    assert list(none) == list(equal)


@pytest.fixture
def listed(tmp_path):
    """Run the adapter on two sources that share a file; return the catalogue and the duplicates."""
    touch(tmp_path, "one/a.wav", "one/empty.wav", "two/empty.wav")
    for name, content in {"one/b": b"1", "one/c": b"2", "two/d": b"2", "two/e": b"3"}.items():
        (tmp_path / f"{name}.wav").write_bytes(content)

    def run(duplicates, **more):
        rows = [
            {"name": name, "language": name, "path": str(tmp_path / name), "song": "file"}
            for name in ("one", "two")
        ]
        params = SimpleNamespace(
            sources=[json.dumps(row | more) for row in rows],
            duplicates=duplicates,
            balance=False,
            segments=1,
            cut_from="start",
            clip_seconds=3.0,
            decode_seconds=30,
            decode_megabytes=1024,
            seed=0,
        )
        names = ("catalogue", "duplicates", "ignored", "features", "numbers", "unlisted")
        output = SimpleNamespace(**{name: tmp_path / "out" / name for name in names})
        list_tracks.main(SimpleNamespace(params=params, output=output))
        return pd.read_parquet(output.catalogue), pd.read_csv(output.duplicates)

    return run


def test_duplicates_are_reported_across_sources(listed, caplog):
    caplog.set_level(logging.INFO)
    tracks, equal = listed("keep")
    assert len(tracks) == 7
    assert equal["id"].to_list() == ["one/c.wav", "two/d.wav"]
    assert equal["content"].nunique() == 1
    assert equal["kept"].all()
    assert "1 tracks have the content of an earlier one, and are kept" in caplog.text


def test_dropped_duplicates_are_gone_before_the_sample_is_drawn(listed, caplog):
    tracks, equal = listed("drop", sample=2)
    assert equal["kept"].to_list() == [True, False]
    assert tracks["source"].value_counts().to_dict() == {"one": 2, "two": 2}
    assert set(tracks.loc[tracks["source"] == "two", "id"]) == {
        "two/e.wav",
        "two/empty.wav",
    }
    assert "are left out" in caplog.text


CUT = {"seconds": 3.0, "segments": "all", "cut_from": "start", "seed": 0}


def test_each_source_is_cut_and_sampled_before_languages_are_balanced():
    tracks = pd.concat([cuttable(long="a", short="b"), cuttable(tiny="c", bad="d")])
    tracks[["source", "language"]] = [["s", "x"]] * 2 + [["t", "y"]] * 2
    described = [{"name": "s", "sample": 3}, {"name": "t"}]
    rows = catalogue.catalogue(tracks, described, durations, balanced=False, **CUT)
    assert rows["source"].to_list() == ["s", "s", "s", "t", "t"]
    assert set(rows["id"][:3]) < {"s/long#0", "s/long#1", "s/long#2", "s/short"}
    assert rows.index.to_list() == [0, 1, 2, 3, 4]
    balanced = catalogue.catalogue(tracks, described, durations, balanced=True, **CUT)
    assert balanced["language"].to_list() == ["x", "x", "y", "y"]
    assert set(balanced["id"]) < set(rows["id"])


def test_ids_are_unique_over_sources_and_segments():
    tracks = cuttable(long="a", short="b").assign(id=["s/a", "s/a#1"])
    with pytest.raises(InputError, match="two tracks have the id 's/a#1'"):
        catalogue.catalogue(tracks, [{"name": "s"}], durations, balanced=False, **CUT)


def test_tables_of_sources_are_joined_and_keep_the_rows_of_the_catalogue():
    one = pd.DataFrame({"x": [1.0, 2.0]}, index=["a", "b"])
    two = pd.DataFrame({"x": [3.0], "y": [4.0]}, index=["c"])
    table = catalogue.of_catalogue([one, None, two], pd.Series(["c", "b"]))
    assert table["id"].to_list() == ["b", "c"]
    assert table["x"].to_list() == [2.0, 3.0]
    assert table["y"].isna().to_list() == [True, False]
    assert list(catalogue.of_catalogue([None], pd.Series(["a"]))) == ["id"]
