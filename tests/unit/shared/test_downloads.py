"""Folders are recorded when they first arrive, and verified at every later time."""

import json
from pathlib import Path

import pytest
from loopback import contents

from hybridmusic.downloads import transfer
from hybridmusic.errors import InputError
from shared import downloads


def arrive(record: Path, fetch):
    """Call `downloads.arrive` for two genres of one clip."""
    clips = {"Folk": 1, "Rock": 1}
    downloads.arrive(
        record,
        about={"name": "music"},
        fetch=fetch,
        check=lambda inventory: transfer.check_clips(inventory, "wavs", clips, "music"),
    )


def placed(folder: Path, **changed: bytes) -> Path:
    """Write a clip of each genre to `folder`, and return that."""
    for genre in ("Folk", "Rock"):
        path = folder / "wavs" / genre / "1.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(changed.get(genre, b"sound"))
    return folder


def never(_):
    raise AssertionError("downloaded a folder that exists")


def test_a_folder_is_recorded_at_first_and_later_only_verified(tmp_path):
    record = tmp_path / "music.json"
    arrive(record, placed)
    written = record.read_bytes()
    assert contents(tmp_path / "music").keys() == {"wavs/Folk/1.wav", "wavs/Rock/1.wav"}
    assert json.loads(written)["files"] == 2
    assert not (tmp_path / ".music").exists()
    record.unlink()
    arrive(record, never)
    assert record.read_bytes() == written


def test_a_folder_put_there_by_hand_is_taken(tmp_path):
    placed(tmp_path / "music")
    arrive(tmp_path / "music.json", never)
    assert (tmp_path / "music.manifest.csv").read_text().count("\n") == 3


@pytest.mark.parametrize("harm", ["changed", "missing", "new"])
def test_a_difference_from_the_first_arrival_is_refused(tmp_path, harm):
    record, folder = tmp_path / "music.json", tmp_path / "music"
    arrive(record, placed)
    record.unlink()
    if harm == "changed":
        placed(folder, Rock=b"noise")
    elif harm == "missing":
        (folder / "wavs/Rock/1.wav").rename(folder / "wavs/Rock/1.mp3")
    else:
        (folder / "readme.txt").write_text("new")
    with pytest.raises(InputError):
        arrive(record, never)
    assert not record.exists()
    # A second download has to equal the first, too.
    for path in (p for p in [folder] if p.exists()):
        path.rename(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="differs from its manifest: 1 files"):
        arrive(record, lambda cache: placed(cache, Folk=b"other"))
    assert not folder.exists()
    assert not (tmp_path / ".music").exists()
    arrive(record, lambda cache: placed(cache, Folk=b"sound"))
