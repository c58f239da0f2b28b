"""Files of a source: mistakes in its path are named in one sentence, and content by a digest."""

import hashlib
import os
import re

import pandas as pd
import pytest
from project import printed_by
from samples import kaggle_table, touch

from hybridmusic.tracks import files


def write_table(table: pd.DataFrame, path) -> None:
    """Write a table as CSV, TSV or Parquet, by the ending of `path`."""
    if path.suffix == ".parquet":
        table.to_parquet(path)
    else:
        table.to_csv(path, index=False, sep="\t" if path.suffix == ".tsv" else ",")


def mistake(path, **more) -> str | None:
    return files.mistake({"name": "mine", "path": str(path)} | more)


def test_a_source_that_names_a_data_set_has_no_path_to_mistake():
    assert files.mistake({"name": "mine", "dataset": "gtzan"}) is None


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("music", None),
        ("music/Rock", None),
        ("music/*/*.wav", None),
        ("live [1999]", None),
        ("closed", None),  # listing the source reports the folder
        ("music/Jazz", "no audio below .*/Jazz; allowed endings: .wav, "),
        ("music/*/*.png", r"no audio below .*/\*.png; allowed endings"),
        ("none", "none does not exist; put the audio there, or set the source's path"),
        ("a\0b", "does not exist"),
        ("music/Rock/a.wav", r"is neither a folder nor a manifest or table \(.csv, .tsv, .parq"),
        ("x" * 300, "cannot be opened: File name too long"),
    ],
)
def test_a_folder_or_glob_has_audio_that_can_be_listed(tmp_path, monkeypatch, path, sentence):
    touch(tmp_path, "music/Rock/a.wav", "music/Jazz/cover.png", "live [1999]/a.OGG", "closed/b.wav")
    scandir = os.scandir

    def refuse(folder):  # root, as whom tests may run, may open any folder
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(folder))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    answer = mistake(tmp_path / path, language="english")
    if sentence is None:
        assert answer is None
    else:
        assert re.search(f"^source 'mine': .*{sentence}", answer)


@pytest.mark.parametrize("path", ["music", "music/*.wav"])
def test_a_folder_or_glob_needs_a_language(tmp_path, path):
    touch(tmp_path, "music/a.wav")
    assert mistake(tmp_path / path).endswith(f"{path} needs a language: set the source's language")


@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet"])
def test_a_table_needs_paths_and_a_language(tmp_path, ending):
    path = tmp_path / f"songs.{ending}"
    write_table(pd.DataFrame({"file_path": ["a.wav"], "language": ["x"]}), path)
    assert mistake(path) is None
    write_table(pd.DataFrame({"file_path": ["a.wav"]}), path)
    assert mistake(path, language="x") is None
    assert mistake(path) == (
        f"source 'mine': {path} has no column language; add one, or set the source's language"
    )
    write_table(pd.DataFrame({"path": ["a.wav"], "language": ["x"]}), path)
    assert mistake(path) == (
        f"source 'mine': {path} has no column file_path; it has path, language"
    )


@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet"])
def test_a_feature_table_needs_names_and_a_language(tmp_path, ending):
    path = tmp_path / f"features.{ending}"
    write_table(kaggle_table(), path)
    assert mistake(path) is None
    write_table(kaggle_table().rename(columns={"filename": "file_path"}), path)
    assert mistake(path) is None
    write_table(kaggle_table().drop(columns="filename"), path)
    assert f"{path} has no column filename; it has length, chroma" in mistake(path)
    write_table(kaggle_table().drop(columns="language"), path)
    assert mistake(path, language="x") is None
    assert "has no column language" in mistake(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("songs.csv", b""),
        ("songs.tsv", b"\n"),
        ("songs.csv", b"\xff\xfe\0"),
        ("songs.csv", b'"' + b"x" * 200_000),
        ("songs.parquet", b""),
        ("songs.parquet", b"PAR1"),
    ],
)
def test_a_table_without_a_header_is_left_to_listing(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert files.header(tmp_path / name) == []
    assert mistake(tmp_path / name) is None


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path):
    (tmp_path / "songs.CSV").write_bytes(b"\xef\xbb\xbffile_path,language\r\n")
    assert files.header(tmp_path / "songs.CSV") == ["file_path", "language"]
    (tmp_path / "songs.txt").write_text("file_path,language\n")
    assert files.header(tmp_path / "songs.txt") == []


def test_parsing_the_workflow_needs_no_library_but_for_parquet(tmp_path):
    touch(tmp_path, "a.wav", "songs.csv")
    program = (
        "import sys\nfrom hybridmusic.tracks import files\n"
        f"for path in ({str(tmp_path)!r}, {str(tmp_path / 'songs.csv')!r}):\n"
        "    files.mistake({'name': 'mine', 'path': path}), files.digest(path)\n"
        "print(*{'numpy', 'pandas', 'pyarrow', 'soundfile'} & set(sys.modules))"
    )
    assert printed_by(program).strip() == ""


def test_feature_tables_are_recognised_by_their_header(tmp_path):
    table = kaggle_table()
    table.to_csv(tmp_path / "a.csv", index=False)
    table.to_csv(tmp_path / "a.TSV", index=False, sep="\t")
    table.to_parquet(tmp_path / "a.parquet")
    table[["filename", "label"]].to_csv(tmp_path / "manifest.csv", index=False)
    (tmp_path / "bad.parquet").write_text("no")
    (tmp_path / "bad.csv").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty.csv").touch()
    (tmp_path / "folder.csv").mkdir()
    names = {path.name for path in tmp_path.iterdir() if files.is_feature_table(path)}
    assert names == {"a.csv", "a.TSV", "a.parquet"}
    assert not files.is_feature_table(tmp_path / "absent.csv")
    assert not files.is_feature_table("")


def test_content_depends_on_bytes_and_not_on_names(tmp_path):
    (tmp_path / "a").write_bytes(b"music" * 1_000_000)
    (tmp_path / "b").write_bytes(b"music" * 1_000_000)
    (tmp_path / "c").write_bytes(b"music" * 999_999 + b"mosic")
    one, equal, other = (files.content(tmp_path / name) for name in "abc")
    assert one == equal != other
    expected = hashlib.blake2b(b"music" * 1_000_000, digest_size=16)
    assert one == expected.hexdigest()


def test_pipes_links_folders_and_empty_files_have_no_content(tmp_path):
    touch(tmp_path, "empty.wav")
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "link.wav").symlink_to("nowhere")
    (tmp_path / "folder.wav").mkdir()
    for name in ("empty.wav", "pipe.wav", "link.wav", "folder.wav", "none.wav"):
        assert files.content(tmp_path / name) is None


def test_digest_sees_new_changed_and_removed_files(tmp_path):
    touch(tmp_path, "a.wav", "b/c.wav")
    digests = [files.digest(tmp_path)]
    assert files.digest(tmp_path) == digests[0]
    touch(tmp_path, "d.wav")
    digests.append(files.digest(tmp_path))
    (tmp_path / "d.wav").write_bytes(b"more")
    digests.append(files.digest(tmp_path))
    (tmp_path / "d.wav").rename(tmp_path / "e.wav")
    digests.append(files.digest(tmp_path))
    (tmp_path / "f.wav").symlink_to("nowhere")
    digests.append(files.digest(tmp_path))
    assert len(set(digests)) == 5
    assert files.digest(tmp_path / "none") == ""


def test_digest_of_a_glob_sees_what_it_matches(tmp_path):
    touch(tmp_path, "a/Rock/1.wav")
    before = files.digest(f"{tmp_path}/*/Rock/*")
    touch(tmp_path, "a/Jazz/6.wav")
    assert files.digest(f"{tmp_path}/*/Rock/*") == before
    touch(tmp_path, "a/Rock/7.wav")
    assert files.digest(f"{tmp_path}/*/Rock/*") != before


def test_a_path_that_is_no_name_has_no_digest():
    assert files.digest("x" * 300) == ""
