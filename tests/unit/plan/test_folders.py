"""Folders of a run are found and checked before anything is written."""

import os

import pytest

from hybridmusic.errors import OutputError
from hybridmusic.plan.folders import check_writable, nearest


def test_nearest_is_as_much_of_a_path_as_exists(tmp_path):
    (tmp_path / "a").mkdir()
    assert nearest(tmp_path / "a") == tmp_path / "a"
    assert nearest(tmp_path / "a/b/c") == tmp_path / "a"
    (tmp_path / "file").touch()
    assert nearest(tmp_path / "file/b") == tmp_path / "file"


@pytest.fixture
def closed(monkeypatch):
    """Refuse writing to every path that ends in `closed`, to root too, as whom tests may run."""
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: not str(path).endswith("closed") and access(path, mode)
    )


def test_a_folder_that_can_be_made_passes(tmp_path):
    (tmp_path / "a/b").mkdir(parents=True)
    check_writable(tmp_path / "a")
    check_writable(tmp_path / "new/folder")
    assert not (tmp_path / "new").exists()


@pytest.mark.usefixtures("closed")
def test_the_first_folder_that_takes_no_files_is_named(tmp_path):
    (tmp_path / "a/closed").mkdir(parents=True)
    with pytest.raises(
        OutputError, match=r"^.*/a/closed is not writable: allow it \(chmod -R u\+w"
    ):
        check_writable(tmp_path / "a")
    with pytest.raises(OutputError, match="closed is not writable"):
        check_writable(tmp_path / "a/closed/results")
    # Folders next to the one to make do not matter.
    check_writable(tmp_path / "a/results")
