"""Folders, globs and manifests are listed with unique ids and known songs."""

import io
import os

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from samples import touch

from hybridmusic.errors import InputError
from hybridmusic.tracks import sources


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
        ("file_path,language\nx\0.wav,a\n", "it holds NUL bytes, so it is not text"),
        (b"file_path,language\n\xe9t\xe9.wav,a\n", "byte 20 .* is not UTF-8 text"),
        (bytes(range(128, 256)), "is not UTF-8 text"),
    ],
)
def test_a_bad_manifest_is_refused_in_one_sentence(tmp_path, text, message):
    path = tmp_path / "songs.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError, match=message) as caught:
        sources.list_source({"name": "m", "path": str(path)})
    assert "\n" not in str(caught.value)


def test_a_bad_parquet_manifest_is_refused_in_one_sentence(tmp_path):
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


def test_folders_that_cannot_be_opened_are_rejected(tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"^source 'mine': .* cannot be opened: File name too"):
        sources.list_source(source("x" * 300))
    touch(tmp_path, "open/a.wav", "closed/b.wav")
    scandir = os.scandir

    def refuse(path):  # root, as whom tests may run, may open any folder
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    listing = sources.list_source(source(tmp_path))
    assert listing.tracks["id"].to_list() == ["mine/open/a.wav"]
    reason = "cannot be opened: Permission denied"
    assert listing.rejected == [(str(tmp_path / "closed"), reason)]
    with pytest.raises(InputError, match=rf"no file below .* can be used; .*/closed, .*{reason}"):
        sources.list_source(source(tmp_path / "closed"))


def test_a_glob_lists_links_to_nothing(tmp_path):
    (tmp_path / "a.wav").symlink_to("nowhere")
    assert len(sources.list_source(source(f"{tmp_path}/*.wav")).tracks) == 1


def test_a_source_without_tracks_is_refused(tmp_path):
    with pytest.raises(InputError, match="does not exist; put the audio there"):
        sources.list_source(source(tmp_path / "none"))
    with pytest.raises(InputError, match="no audio below"):
        sources.list_source(source(tmp_path))
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(InputError, match="neither a folder nor a manifest or table"):
        sources.list_source(source(tmp_path / "notes.txt"))


def test_a_glob_lists_the_audio_that_it_matches(tmp_path):
    touch(tmp_path, "a/Rock/1.wav", "a/Jazz/2.wav", "b/Rock/3.wav", "a/Rock/4.png", "5.wav")
    tracks = sources.list_source(source(f"{tmp_path}/*/Rock/*")).tracks
    assert tracks["id"].to_list() == ["mine/a/Rock/1.wav", "mine/b/Rock/3.wav"]
    assert tracks["genre"].to_list() == ["Rock", "Rock"]
    deep = sources.list_source(source(f"{tmp_path}/**/*.wav")).tracks
    assert len(deep) == 4
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


def test_a_name_that_is_not_text_is_rejected_with_escapes(tmp_path):
    touch(tmp_path, "good.wav")
    touch(tmp_path, os.fsdecode(b"bad\xff.wav"))
    listing = sources.list_source(source(tmp_path))
    assert listing.tracks["title"].to_list() == ["good"]
    assert listing.rejected == [(f"{tmp_path}/bad\\xff.wav", "has a name that is not valid text")]
