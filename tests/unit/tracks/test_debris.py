"""Files that are never music, whatever their ending."""

import os
from collections import Counter
from pathlib import PurePath

import pytest
from samples import touch

from hybridmusic.tracks import debris, files, sources


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("Artist/Album/01 - Title.mp3", None),
        ("Mr. Hidden/a.mp3", None),
        ("@artist/#1/a.mp3", None),
        ("Part/part.mp3", None),
        ("Conflict/Of conflict 2.mp3", None),
        ("Album/._01.mp3", debris.HIDDEN),
        (".Trash-1000/files/a.mp3", debris.HIDDEN),
        (".stversions/a~20240101-120000.mp3", debris.HIDDEN),
        (".@__thumb/a.mp3", debris.HIDDEN),
        ("#recycle/Rock/a.mp3", debris.SYSTEM),
        ("$RECYCLE.BIN/S-1-5-21-7/$R1.mp3", debris.SYSTEM),
        ("System Volume Information/a.mp3", debris.SYSTEM),
        ("Rock/@eaDir/a.mp3/SYNOAUDIO_01.wav", debris.SYSTEM),
        ("__MACOSX/Rock/a.mp3", debris.SYSTEM),
        ("lost+found/#123.mp3", debris.SYSTEM),
        ("Rock/a.sync-conflict-20240131-101112-ABCDEFG.mp3", debris.CONFLICT),
        ("Rock/a (Ann's conflicted copy 2024-01-31).mp3", debris.CONFLICT),
        ("Rock/a (conflicted copy 2024-01-31 101112).mp3", debris.CONFLICT),
        ("Rock/a_conflict-20240131-101112.mp3", debris.CONFLICT),
        ("Rock/a (Case Conflict).mp3", debris.CONFLICT),
        ("Rock/a.mp3.part", debris.PARTIAL),
        ("Rock/a.mp3.crdownload", debris.PARTIAL),
        ("Rock/a.flac.!qB", debris.PARTIAL),
    ],
)
def test_debris_is_recognised_by_its_path(path, reason):
    assert debris.reason(PurePath(path)) == reason


def litter(folder):
    touch(folder, ".snakemake_timestamp", "Rock/cover.jpg", "Rock/list.m3u", "Rock/a.cue")
    touch(folder, "Rock/._a.mp3", ".DS_Store", "Thumbs.db", "#recycle/c.mp3", "Jazz/d.mp3.part")
    touch(folder, "results/demo/catalogue.parquet", "results/demo/duplicates.csv")
    touch(folder, "results/demo/explorer/clips/0.mp3")


IGNORED = {
    **{debris.HIDDEN: 2, debris.SYSTEM: 1, debris.PARTIAL: 1, debris.RESULTS: 3, debris.SILENT: 4}
}


@pytest.mark.parametrize("ending", ["", "/**/*"])
def test_a_library_gives_its_music_and_counts_the_rest(tmp_path, caplog, ending):
    touch(tmp_path, "Rock/a.mp3", "Jazz/b.FLAC")
    litter(tmp_path)
    source = {"name": "mine", "language": "x", "path": f"{tmp_path}{ending}", "song": "file"}
    caplog.set_level("INFO")
    listing = sources.list_source(source)
    assert listing.tracks["id"].to_list() == ["mine/Jazz/b.FLAC", "mine/Rock/a.mp3"]
    assert set(listing.tracks["genre"]) == {"Rock", "Jazz"}
    assert listing.ignored == Counter(IGNORED)
    assert "11 files were ignored: 2 hidden, 1 in the trash or a folder of" in caplog.text


def test_debris_changes_no_digest(tmp_path):
    touch(tmp_path, "Rock/a.mp3")
    before = files.digest(tmp_path), files.digest(f"{tmp_path}/*/*")
    litter(tmp_path)
    assert (files.digest(tmp_path), files.digest(f"{tmp_path}/*/*")) == before


def test_music_among_ones_own_results_is_no_source(tmp_path):
    touch(tmp_path, "catalogue.parquet", "duplicates.csv", "explorer/clips/a.mp3")
    sentence = files.mistake({"name": "mine", "language": "x", "path": str(tmp_path)})
    assert "no audio below" in sentence
    assert sentence.endswith("3 files were ignored: 3 results of a run.")


def test_files_without_an_ending_are_music_if_they_begin_so(tmp_path):
    for name, head in {
        "Mr. Sandman": b"ID3\x04\0\0\0\0\0\0",
        "README": b"Read me, please.",
        "wave": b"RIFF\0\0\0\0WAVEfmt ",
        "short": b"",
        "mp3": b"\xff\xfb\x90\0",
        "a.txt": b"fLaC",
    }.items():
        (tmp_path / name).write_bytes(head)
    os.mkfifo(tmp_path / "pipe")
    found = [file.name for file in files.music(tmp_path).files]
    assert found == ["Mr. Sandman", "mp3", "wave"]
