"""Sources become catalogues with unique ids, known songs and balanced languages."""

import hashlib
import io
import json
import logging
import os
from itertools import pairwise
from types import SimpleNamespace

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.tracks import list_tracks
from hybridmusic.errors import ClipError, InputError
from hybridmusic.tracks import files, sources


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def source(folder, **more):
    return {"name": "mine", "language": "english", "path": str(folder), "song": "file"} | more


def test_a_folder_of_genres(tmp_path):
    touch(tmp_path, "Rock/b.wav", "Rock/a.FLAC", "Jazz/a.mp3", "c.ogg", "Rock/cover.png", "x.csv")
    tracks = sources.list_source(source(tmp_path)).tracks
    assert tracks["id"].to_list() == [
        "mine/Jazz/a.mp3",
        "mine/Rock/a.FLAC",
        "mine/Rock/b.wav",
        "mine/c.ogg",
    ]
    assert tracks["genre"].to_list()[:3] == ["Jazz", "Rock", "Rock"]
    assert tracks["genre"].isna().to_list() == [False, False, False, True]
    assert tracks["title"].to_list() == ["a", "a", "b", "c"]
    assert tracks["song"].is_unique
    assert (tracks["start"] == 0).all()


def test_kaggles_layouts_by_the_unpacked_folder(tmp_path):
    touch(
        tmp_path, "Data/genres_original/blues/blues.00000.wav", "Data/images_original/blues/b.png"
    )
    touch(tmp_path, "Data/features_30_sec.csv")
    tracks = sources.list_source(source(tmp_path)).tracks
    assert tracks["genre"].to_list() == ["blues"]
    assert tracks["id"].to_list() == ["mine/Data/genres_original/blues/blues.00000.wav"]


def test_ten_consecutive_numbers_are_one_song(tmp_path):
    touch(tmp_path, *(f"Folk/{n}.wav" for n in (0, 9, 10, 19, 20, 123)), "Rock/3.wav")
    rule = r"^(.*)\d\.\w+$"  # as config.yaml has it for BanglaBeats
    tracks = sources.list_source(source(tmp_path, song=rule)).tracks
    songs = tracks.set_index("id")["song"]
    for path in ("Folk/0", "Folk/9", "Folk/10", "Folk/19", "Folk/20", "Folk/123", "Rock/3"):
        genre, number = path.split("/")
        tens = int(number) // 10
        same = [p for p in songs.index if p.split("/")[1] == genre]
        together = {p for p in same if songs[p] == songs[f"mine/{path}.wav"]}
        expected = {p for p in same if int(p.split("/")[2][:-4]) // 10 == tens}
        assert together == expected


def test_a_source_without_songs_is_warned_of(tmp_path, caplog):
    touch(tmp_path, "a.wav")
    row = source(tmp_path)
    del row["song"]
    tracks = sources.list_source(row).tracks
    assert "does not say which clips are of one song" in caplog.text
    assert tracks["song"].to_list() == ["mine/a.wav"]


@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet"])
def test_a_manifest(tmp_path, ending):
    table = pd.DataFrame(
        {
            "file_path": ["a/x.wav", "b.wav"],
            "language": ["english", "bangla"],
            "genre": ["Rock", None],
            "song": ["s1", None],
        }
    )
    path = tmp_path / f"songs.{ending}"
    if ending == "parquet":
        table.to_parquet(path)
    else:
        table.to_csv(path, index=False, sep="\t" if ending == "tsv" else ",")
    tracks = sources.list_source({"name": "m", "path": str(path)}).tracks
    assert tracks["id"].to_list() == ["m/a/x.wav", "m/b.wav"]
    assert tracks["genre"].to_list() == ["Rock", None]
    assert tracks["language"].to_list() == ["english", "bangla"]
    assert tracks["song"].to_list() == ["m/s1", "m/b.wav"]
    assert tracks["file_path"].to_list() == [str(tmp_path / "a/x.wav"), str(tmp_path / "b.wav")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("path,language\nx.wav,english\n", "has no column file_path; it has path, language"),
        ("file_path\nx.wav\n", "no column language"),
        ("file_path,language\nx.wav,\n", "'m/x.wav' has no language"),
        ("file_path,language\n,english\n", "rows without a file_path"),
        ("file_path,language\na.wav,x\na.wav,x\n", "two tracks have the id 'm/a.wav'"),
        ("file_path,language\n", "has no rows"),
        ("", "cannot be read as a manifest: it has no header"),
        ("file_path,language\nx.wav, \n", "'m/x.wav' has no language"),
        ("file_path,language\nx.wav,a\ny.wav\n", "line 3 has 1 fields, and the header 2"),
        ("file_path,language\nx.wav,a,b\n", "line 2 has 3 fields, and the header 2"),
        ("file_path,language,language\nx.wav,a,b\n", "two columns are named 'language'"),
        ('file_path,language\n"x.wav,a\n', "cannot be read as a manifest: unexpected end of data"),
        ("file_path,language\nx\0.wav,a\n", "it holds NUL bytes"),
        (b"file_path,language\n\xe9t\xe9.wav,a\n", "byte 20 .* is not UTF-8 text"),
        ("file_path,language\nx.wav,a\n".encode("utf-16"), "byte 1 .* is not UTF-8 text"),
        (bytes(range(128, 256)), "is not UTF-8 text"),
    ],
)
def test_a_bad_manifest_is_told(tmp_path, text, message):
    path = tmp_path / "songs.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError, match=message) as caught:
        sources.list_source({"name": "m", "path": str(path)})
    assert "\n" not in str(caught.value)


def test_a_bad_parquet_manifest_is_told(tmp_path):
    path = tmp_path / "songs.parquet"
    pd.DataFrame({"file_path": ["x.wav"] * 999, "language": "a"}).to_parquet(path)
    whole = path.read_bytes()
    latin = io.BytesIO()
    pd.DataFrame({"file_path": [b"\xe9.wav"], "language": "a"}).to_parquet(latin)
    twice = io.BytesIO()
    names = ["file_path", "language", "language"]
    pq.write_table(pa.table([["x.wav"], ["a"], ["b"]], names=names), twice)
    for data in (b"", whole[:-9], whole[len(whole) // 2 :], latin.getvalue(), twice.getvalue()):
        path.write_bytes(data)
        with pytest.raises(InputError, match="cannot be read as a manifest") as caught:
            sources.list_source({"name": "m", "path": str(path)})
        assert "\n" not in str(caught.value)


def test_a_manifest_with_a_byte_order_mark_and_gaps(tmp_path):
    path = tmp_path / "songs.csv"
    text = 'file_path,id,title,language,genre\r\nx.wav,,,a, \r\n\r\n"y\rz.wav",two,,a,NA\r\n'
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    tracks = sources.list_source({"name": "m", "path": str(path), "song": "file"}).tracks
    assert tracks["id"].to_list() == ["m/x.wav", "two"]
    assert tracks["title"].to_list() == ["x", "y\rz"]
    assert tracks["genre"].to_list() == [None, "NA"]
    assert tracks["file_path"].to_list()[1].endswith("/y\rz.wav")


def test_a_source_that_cannot_be_opened_is_told(tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"^source 'mine': .* cannot be opened: File name too"):
        sources.list_source(source("x" * 300))
    assert files.digest("x" * 300) == ""
    touch(tmp_path, "open/a.wav", "closed/b.wav")
    scandir = os.scandir

    def refuse(path):  # root, whom tests may run as, is refused nothing
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    listing = sources.list_source(source(tmp_path))
    assert listing.tracks["id"].to_list() == ["mine/open/a.wav"]
    told = (str(tmp_path / "closed"), "cannot be opened: Permission denied")
    assert listing.rejected == [told]
    with pytest.raises(InputError, match=r"nothing below .* can be used, such as .*/closed"):
        sources.list_source(source(tmp_path / "closed"))


def test_a_glob_lists_links_to_nothing(tmp_path):
    (tmp_path / "a.wav").symlink_to("nowhere")
    assert len(sources.list_source(source(f"{tmp_path}/*.wav")).tracks) == 1


def test_nothing_to_list_is_told(tmp_path):
    with pytest.raises(InputError, match="does not exist; put the audio there"):
        sources.list_source(source(tmp_path / "none"))
    with pytest.raises(InputError, match="no audio below"):
        sources.list_source(source(tmp_path))
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(InputError, match="neither a folder nor a manifest or table"):
        sources.list_source(source(tmp_path / "notes.txt"))


def test_a_glob_lists_what_it_fits(tmp_path):
    touch(tmp_path, "a/Rock/1.wav", "a/Jazz/2.wav", "b/Rock/3.wav", "a/Rock/4.png", "5.wav")
    tracks = sources.list_source(source(f"{tmp_path}/*/Rock/*")).tracks
    assert tracks["id"].to_list() == ["mine/a/Rock/1.wav", "mine/b/Rock/3.wav"]
    assert tracks["genre"].to_list() == ["Rock", "Rock"]
    deep = sources.list_source(source(f"{tmp_path}/**/*.wav")).tracks
    assert len(deep) == 4
    before = files.digest(f"{tmp_path}/*/Rock/*")
    touch(tmp_path, "a/Jazz/6.wav")
    assert files.digest(f"{tmp_path}/*/Rock/*") == before
    touch(tmp_path, "a/Rock/7.wav")
    assert files.digest(f"{tmp_path}/*/Rock/*") != before
    with pytest.raises(InputError, match="no audio below"):
        sources.list_source(source(f"{tmp_path}/*/None/*"))


def test_a_folder_whose_name_looks_like_a_glob_is_a_folder(tmp_path):
    touch(tmp_path, "live [1999]/a.wav")
    tracks = sources.list_source(source(tmp_path / "live [1999]")).tracks
    assert tracks["id"].to_list() == ["mine/a.wav"]


def test_links_in_a_circle_end(tmp_path):
    touch(tmp_path, "Rock/a.wav")
    (tmp_path / "Rock/again").symlink_to(tmp_path)
    assert len(sources.list_source(source(tmp_path)).tracks) == 1


def test_a_name_that_is_no_text_is_rejected_with_escapes(tmp_path):
    touch(tmp_path, "good.wav")
    touch(tmp_path, os.fsdecode(b"bad\xff.wav"))
    listing = sources.list_source(source(tmp_path))
    assert listing.tracks["title"].to_list() == ["good"]
    assert listing.rejected == [(f"{tmp_path}/bad\\xff.wav", "has a name that is not valid text")]


def catalogue(**counts):
    rows = [
        {"id": f"{language}/{n}", "language": language}
        for language, count in counts.items()
        for n in range(count)
    ]
    return pd.DataFrame(rows)


def test_sample_is_seeded_and_keeps_the_order(caplog):
    tracks = catalogue(english=50)
    one, same = (sources.sample(tracks, 10, "s", seed=1) for _ in range(2))
    other = sources.sample(tracks, 10, "s", seed=2)
    assert one["id"].to_list() == same["id"].to_list() != other["id"].to_list()
    assert one.index.is_monotonic_increasing
    assert len(sources.sample(tracks, 60, "s", seed=1)) == 50
    assert "fewer than the sample of 60" in caplog.text


@given(
    st.dictionaries(st.sampled_from(["english", "bangla", "hindi"]), st.integers(1, 30), min_size=1)
)
def test_balance_leaves_as_many_of_each(counts):
    balanced = sources.balance(catalogue(**counts), seed=0)
    assert set(balanced["language"].value_counts()) == {min(counts.values())}
    assert set(balanced["language"]) == set(counts)
    assert balanced["id"].is_unique


def test_an_added_track_changes_one_of_the_drawn_at_most():
    tracks = catalogue(english=50)
    drawn = set(sources.sample(tracks, 10, "s", seed=1)["id"])
    for missing in range(50):
        fewer = set(sources.sample(tracks.drop(index=missing), 10, "s", seed=1)["id"])
        lost = {f"english/{missing}"} & drawn
        assert len(fewer) == 10
        assert drawn - fewer == lost


def test_every_track_is_drawn_as_often():
    tracks = catalogue(english=20)
    drawn = pd.concat([sources.sample(tracks, 5, "s", seed=seed) for seed in range(400)])
    counts = drawn["id"].value_counts()
    # 100 of each are expected, with a deviation of 8.7.
    assert len(counts) == 20
    assert counts.between(60, 140).all()


def cuttable(**contents):
    rows = [
        [f"s/{n}", "s", n, "english", None, f"song {n}", n, 0.0, content]
        for n, content in contents.items()
    ]
    return pd.DataFrame(rows, columns=sources.COLUMNS)


SECONDS = {"long": 9.5, "short": 4.0, "tiny": 1.0}


def durations(tracks):
    return [SECONDS.get(path, ClipError("cannot be decoded")) for path in tracks["file_path"]]


def test_segments_are_whole_and_numbered():
    tracks = cuttable(long="a", short="b", bad="c")
    found = sources.segment(tracks, 3.0, "all", "start", durations(tracks))
    assert found["id"].to_list() == ["s/long#0", "s/long#1", "s/long#2", "s/short", "s/bad"]
    assert found["start"].to_list() == [0, 3, 6, 0, 0]
    assert found["song"].to_list() == ["song long"] * 3 + ["song short", "song bad"]
    assert found["content"].to_list() == ["a", "a", "a", "b", "c"]


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
def test_segments_are_cut_where_it_says(segments, cut_from, expected):
    found = sources.segment(cuttable(long="a"), 3.0, segments, cut_from, [9.5])
    assert found["start"].to_list() == expected
    assert len(found) == 1 or found["id"].str.fullmatch(r"s/long#\d").all()


@given(
    st.floats(0.01, 1000),
    st.floats(0.5, 30),
    st.one_of(st.integers(1, 40), st.just("all")),
    st.sampled_from(["start", "middle", "spread"]),
)
def test_segments_never_overlap_and_lie_inside(length, seconds, segments, cut_from):
    begins = sources.starts(length, seconds, segments, cut_from)
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


def test_a_file_without_content_and_a_tables_row_are_not_looked_into():
    tracks = cuttable(pipe=None, table="t").assign(start=[0.0, float("nan")])
    none = list_tracks.durations(tracks, seconds=30, megabytes=1024)
    found = sources.segment(tracks, 3.0, "all", "start", none)
    assert found["id"].to_list() == ["s/pipe", "s/table"]
    assert found["start"].isna().to_list() == [False, True]


def test_content_is_of_bytes_and_not_of_names(tmp_path):
    (tmp_path / "a").write_bytes(b"music" * 1_000_000)
    (tmp_path / "b").write_bytes(b"music" * 1_000_000)
    (tmp_path / "c").write_bytes(b"music" * 999_999 + b"mosic")
    same, as_well, other = (files.content(tmp_path / name) for name in "abc")
    assert same == as_well != other
    expected = hashlib.blake2b(b"music" * 1_000_000, digest_size=16)
    assert same == expected.hexdigest()


def test_what_has_no_bytes_has_no_content_and_is_not_waited_for(tmp_path):
    touch(tmp_path, "empty.wav")
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "link.wav").symlink_to("nowhere")
    (tmp_path / "folder.wav").mkdir()
    for name in ("empty.wav", "pipe.wav", "link.wav", "folder.wav", "none.wav"):
        assert files.content(tmp_path / name) is None


def test_duplicates_stand_together_and_the_first_is_kept():
    tracks = cuttable(a="x", b="y", c="z", d="y", e="x", f=None, g=None, h="x")
    found = sources.duplicates(tracks, drop=True)
    assert list(found) == ["content", "id", "file_path", "kept"]
    assert found["file_path"].to_list() == ["a", "e", "h", "b", "d"]
    assert found["kept"].to_list() == [True, False, False, True, False]
    assert found.index.to_list() == [0, 4, 7, 1, 3]
    assert sources.duplicates(tracks, drop=False)["kept"].all()
    none = sources.duplicates(cuttable(a="x", b=None), drop=True)
    assert none.empty
    assert list(none) == list(found)


@pytest.fixture
def listed(tmp_path):
    """Run the adapter on two sources that share a file: the catalogue and the duplicates."""
    touch(tmp_path, "one/a.wav", "one/empty.wav", "two/empty.wav")
    for name, content in {"one/b": b"1", "one/c": b"2", "two/d": b"2", "two/e": b"3"}.items():
        (tmp_path / f"{name}.wav").write_bytes(content)

    def run(duplicates, **more):
        rows = [source(tmp_path / name, name=name, language=name) for name in ("one", "two")]
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
        names = ("catalogue", "duplicates", "features", "numbers", "unlisted")
        output = SimpleNamespace(**{name: tmp_path / "out" / name for name in names})
        list_tracks.main(SimpleNamespace(params=params, output=output))
        return pd.read_parquet(output.catalogue), pd.read_csv(output.duplicates)

    return run


def test_duplicates_are_reported_across_sources(listed, caplog):
    caplog.set_level(logging.INFO)
    catalogue, equal = listed("keep")
    assert len(catalogue) == 7
    assert equal["id"].to_list() == ["one/c.wav", "two/d.wav"]
    assert equal["content"].nunique() == 1
    assert equal["kept"].all()
    assert "1 tracks have the content of an earlier one, and are kept" in caplog.text


def test_dropped_duplicates_are_gone_before_the_sample_is_drawn(listed, caplog):
    catalogue, equal = listed("drop", sample=2)
    assert equal["kept"].to_list() == [True, False]
    assert catalogue["source"].value_counts().to_dict() == {"one": 2, "two": 2}
    assert set(catalogue.loc[catalogue["source"] == "two", "id"]) == {
        "two/e.wav",
        "two/empty.wav",
    }
    assert "are left out" in caplog.text


def test_digest_sees_new_changed_and_removed_files(tmp_path):
    touch(tmp_path, "a.wav", "b/c.wav")
    seen = [files.digest(tmp_path)]
    assert files.digest(tmp_path) == seen[0]
    touch(tmp_path, "d.wav")
    seen.append(files.digest(tmp_path))
    (tmp_path / "d.wav").write_bytes(b"more")
    seen.append(files.digest(tmp_path))
    (tmp_path / "d.wav").rename(tmp_path / "e.wav")
    seen.append(files.digest(tmp_path))
    (tmp_path / "f.wav").symlink_to("nowhere")
    seen.append(files.digest(tmp_path))
    assert len(set(seen)) == 5
    assert files.digest(tmp_path / "none") == ""
