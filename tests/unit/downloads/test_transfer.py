"""Transfers wait as servers ask, and folders are verified file by file."""

import pytest
import requests

from hybridmusic.downloads import transfer
from hybridmusic.errors import InputError


def test_the_server_says_how_long_to_wait(monkeypatch):
    waited = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waited.append)
    answers = [429, 429, 500]

    def fetch():
        if answers:
            response = requests.Response()
            response.status_code = answers.pop()
            response.headers["Retry-After"] = "7" if response.status_code == 429 else "soon"
            raise requests.HTTPError(response=response)
        return "arrived"

    assert transfer.patiently(fetch, (), attempts=5, wait=1) == "arrived"
    assert waited == [1, 7, 7]


def test_a_link_in_a_folder_is_refused(tmp_path):
    (tmp_path / "a.wav").symlink_to("/etc/passwd")
    with pytest.raises(InputError, match="is a link or a special file"):
        transfer.inventory(tmp_path)


def test_clips_are_counted_by_genre(tmp_path):
    for genre in ("Folk", "Rock"):
        (tmp_path / "wavs" / genre).mkdir(parents=True)
        (tmp_path / "wavs" / genre / "1.wav").write_bytes(b"sound")
    inventory = transfer.inventory(tmp_path)
    transfer.check_clips(inventory, "wavs", {"Folk": 1, "Rock": 1}, "music")
    with pytest.raises(InputError, match=r"0 of 3 Jazz, 1 of 2 Rock$"):
        transfer.check_clips(inventory, "wavs", {"Folk": 1, "Rock": 2, "Jazz": 3}, "music")
    with pytest.raises(InputError, match=r"1 of 0 Rock$"):
        transfer.check_clips(inventory, "wavs", {"Folk": 1}, "music")


def test_a_manifest_is_read_as_it_was_written(tmp_path):
    (tmp_path / 'a "quoted", line\nbreak.wav').write_bytes(b"x")
    (tmp_path / "গান.wav").write_bytes(b"yy")
    inventory = transfer.inventory(tmp_path)
    assert transfer.read_manifest(transfer.manifest(inventory)) == inventory
