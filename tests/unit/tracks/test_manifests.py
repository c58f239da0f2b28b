"""Manifests as spreadsheets and players write them."""

import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from samples import touch

from hybridmusic.tracks import files, manifests, sources

NAMES = ["file_path", "language", "genre"]
ROWS = [["a.wav", "bangla", "গান"], ["b, c.wav", "bangla", "Rock"]]


def listed(path, **more):
    return sources.list_source({"name": "m", "path": str(path), "song": "file"} | more)


@pytest.mark.parametrize(
    "text",
    [
        'file_path,language,genre\na.wav,bangla,গান\n"b, c.wav",bangla,Rock\n',
        "file_path;language;genre\r\na.wav;bangla;গান\r\nb, c.wav;bangla;Rock\r\n",
        "file_path\tlanguage\tgenre\na.wav\tbangla\tগান\nb, c.wav\tbangla\tRock\n",
        "sep=;\nfile_path;language;genre\na.wav;bangla;গান\nb, c.wav;bangla;Rock\n",
        '"sep=,"\nfile_path,language,genre\na.wav,bangla,গান\n"b, c.wav",bangla,Rock\n',
        'file_path,language,genre,,\na.wav,bangla,গান,,\n"b, c.wav",bangla,Rock,,\n,,,,\n',
        'File Path, Language ,GENRE\na.wav,bangla,গান\n"b, c.wav",bangla,Rock\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_spreadsheets_of_every_kind_give_the_same_table(tmp_path, text, encoding):
    path = tmp_path / "songs.csv"
    path.write_bytes(text.encode(encoding))
    names, rows = manifests.read(path)
    assert (names, rows) == (NAMES, ROWS)
    assert files.header(path)[:3] == NAMES
    assert listed(path).tracks["genre"].to_list() == ["গান", "Rock"]


def test_an_encoding_is_named_by_the_source(tmp_path):
    path = tmp_path / "songs.csv"
    path.write_bytes("file_path,language,genre\na.wav,x,Chanson française\n".encode("latin-1"))
    found = listed(path, encoding="latin-1").tracks
    assert found["genre"].to_list() == ["Chanson française"]
    with pytest.raises(sources.InputError, match="set the source's encoding, such as latin-1"):
        listed(path)
    with pytest.raises(sources.InputError, match="unknown encoding: latin-9x"):
        listed(path, encoding="latin-9x")


def test_a_misspelt_column_is_named(tmp_path, caplog):
    path = tmp_path / "songs.csv"
    path.write_text("file_path,language,gnere,comment\na.wav,x,Rock,good\n")
    listed(path)
    assert "the column 'gnere' is not used; did you mean genre?" in caplog.text
    assert "comment" not in caplog.text
    path.write_text("filepath,language\na.wav,x\n")
    assert files.mistake({"name": "m", "path": str(path)}).endswith(
        "has no column file_path; it has filepath, language; did you mean file_path by 'filepath'?"
    )


def test_paths_as_other_systems_write_them(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    touch(tmp_path, "Rock/a.wav", "home/b.wav", "c d.wav", unicodedata.normalize("NFD", "é.wav"))
    for text, name in {
        "Rock\\a.wav": "Rock/a.wav",
        " Rock/a.wav ": "Rock/a.wav",
        "~/b.wav": "home/b.wav",
        f"file://{tmp_path}/c%20d.wav": "c d.wav",
        unicodedata.normalize("NFC", "é.wav"): unicodedata.normalize("NFD", "é.wav"),
    }.items():
        assert manifests.located(text, tmp_path) == tmp_path / name
    assert manifests.located("none.wav", tmp_path) == tmp_path / "none.wav"
    assert manifests.located("x" * 300, tmp_path).name == "x" * 300


PLAYLIST = """#EXTM3U
#EXTINF:123,Abba - Waterloo
Rock/a.mp3

#PLAYLIST:mine
Jazz/b.mp3
#EXTINF:-1,Only a title
http://radio.example/stream
"""
XSPF = """<?xml version="1.0" encoding="UTF-8"?>
<playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList>
<track><location>Rock/a%20b.mp3</location><title>Waterloo</title><creator>Abba</creator></track>
<track><location>file:///music/c%20d.mp3</location></track>
</trackList></playlist>"""


@pytest.mark.parametrize("ending", ["m3u", "m3u8"])
def test_a_playlist_is_a_source(tmp_path, ending):
    path = tmp_path / f"mine.{ending}"
    path.write_text(PLAYLIST)
    listing = listed(path, language="x")
    assert listing.tracks["file_path"].to_list() == [
        str(tmp_path / "Rock/a.mp3"),
        str(tmp_path / "Jazz/b.mp3"),
    ]
    assert listing.tracks["title"].to_list() == ["Waterloo", "b"]
    assert listing.tracks["artist"].to_list() == ["Abba", None]
    assert listing.rejected == [("http://radio.example/stream", "is an address, not a file")]
    assert files.mistake({"name": "m", "path": str(path)}).endswith("set the source's language")
    (tmp_path / "old.m3u").write_bytes("Chanson/été.mp3\n".encode("latin-1"))
    assert listed(tmp_path / "old.m3u", language="x").tracks["title"].to_list() == ["été"]


def test_a_playlist_of_xml_is_a_source(tmp_path):
    path = tmp_path / "mine.xspf"
    path.write_text(XSPF)
    tracks = listed(path, language="x").tracks
    assert tracks["file_path"].to_list() == [str(tmp_path / "Rock/a b.mp3"), "/music/c d.mp3"]
    assert tracks["artist"].to_list() == ["Abba", None]
    path.write_text("<playlist>")
    with pytest.raises(sources.InputError, match="cannot be read as a manifest: it is no XML"):
        listed(path, language="x")


def test_parquet_may_have_paths_as_index_and_bytes_that_nobody_needs(tmp_path):
    path = tmp_path / "songs.parquet"
    table = pd.DataFrame({"Language": ["x"], "cover": [b"\xff\xd8"], "artist": ["Abba"]})
    table.set_index(pd.Index(["a.wav"], name="file_path")).to_parquet(path)
    tracks = listed(path).tracks
    assert tracks[["file_path", "artist"]].to_numpy().tolist() == [
        [str(Path(tmp_path, "a.wav")), "Abba"]
    ]


@pytest.mark.parametrize("name", ["000001", "NA", "1e5", "গান", "null", "1.0"])
def test_ids_stay_text(tmp_path, name):
    path = tmp_path / "songs.csv"
    path.write_text(f"file_path,id,language\na.wav,{name},x\n", encoding="utf-8")
    assert listed(path).tracks["id"].to_list() == [name]
