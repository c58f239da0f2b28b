"""Data sets arrive whole, whatever faults the line has, or fail with one sentence."""

import io
import os
import tarfile
import time
import zipfile

import loopback
import pytest
from kagglesdk import kaggle_env
from loopback import contents, zipped

from hybridmusic.downloads import kaggle, transfer
from hybridmusic.errors import InputError

HANDLE = "somebody/some-music"
PLACE = "unpack it there"
CLIPS = {
    f"wavs/{genre}/{n}.wav": os.urandom(200_000) for genre in ("Folk", "Rock") for n in range(20)
}


def tarred(*members: tuple[str, dict, bytes]) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as file:
        for name, attributes, body in members:
            member = tarfile.TarInfo(name)
            member.size = len(body)
            for key, value in attributes.items():
                setattr(member, key, value)
            file.addfile(member, io.BytesIO(body))
    return archive.getvalue()


@pytest.fixture
def kaggle_at(monkeypatch):
    """Direct Kaggle's client to a server on loopback."""

    def speak(server):
        endpoints = {**kaggle_env._env_to_endpoint, kaggle_env.KaggleEnv.PROD: server.url}
        monkeypatch.setattr(kaggle_env, "_env_to_endpoint", endpoints)

    for name in ("KAGGLE_API_TOKEN", "KAGGLE_USERNAME", "KAGGLE_API_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KAGGLEHUB_CACHE", "nowhere")  # restored after download() sets it
    return speak


@pytest.mark.parametrize(
    "faults",
    [
        (),
        (429, 500, 503),
        ("drop",),
        ("drop", "ok", "drop"),
        ("drop", "ok", 500),
        ("corrupt",),
        ("stall",),
    ],
    ids=str,
)
def test_a_data_set_arrives_whole_over_a_bad_line(tmp_path, kaggle_at, monkeypatch, faults):
    monkeypatch.setattr(transfer, "TIMEOUT", (5, 1))
    with loopback.serving(loopback.kaggle({HANDLE: zipped(CLIPS)}), faults=faults) as server:
        kaggle_at(server)
        folder = kaggle.download(HANDLE, tmp_path / ".music", PLACE, wait=0.01)
    assert contents(folder) == CLIPS
    assert not server.faults
    if "drop" in faults and 500 not in faults:  # bytes that arrived are not requested again
        assert server.ranges
        assert all(int(part[6:-1]) > 1_000_000 for part in server.ranges)


@pytest.mark.parametrize("fault", [401, 403])
def test_a_refusal_is_reported_at_once_and_leaves_nothing(tmp_path, kaggle_at, fault):
    with loopback.serving(loopback.kaggle({HANDLE: zipped(CLIPS)}), faults=(fault,) * 9) as server:
        kaggle_at(server)
        with pytest.raises(InputError, match=rf"{fault} Client Error.*: {PLACE}$"):
            kaggle.download(HANDLE, tmp_path / ".music", PLACE, wait=0.01)
    assert len(server.faults) == 8
    assert not list(tmp_path.iterdir())


def test_a_server_that_stays_broken_is_given_up(tmp_path, kaggle_at):
    with loopback.serving(loopback.kaggle({HANDLE: zipped(CLIPS)}), faults=(500,) * 9) as server:
        kaggle_at(server)
        with pytest.raises(InputError, match=rf"500 .*: {PLACE}$"):
            kaggle.download(HANDLE, tmp_path / ".music", PLACE, attempts=3, wait=0.01)
    assert len(server.faults) == 6


def test_an_unknown_data_set_is_reported(tmp_path, kaggle_at):
    with loopback.serving(loopback.kaggle({})) as server:
        kaggle_at(server)
        with pytest.raises(InputError, match="404 Client Error"):
            kaggle.download(HANDLE, tmp_path / ".music", PLACE)


def test_a_page_in_place_of_an_archive_is_given_up(tmp_path, kaggle_at):
    with loopback.serving(loopback.kaggle({HANDLE: b"<html>sorry</html>" * 99})) as server:
        kaggle_at(server)
        with pytest.raises(InputError, match="Unsupported archive type"):
            kaggle.download(HANDLE, tmp_path / ".music", PLACE, attempts=2, wait=0.01)
    assert not list(tmp_path.iterdir())


ESCAPES = {
    "up": [("../../../../evil.wav", {}, b"evil")],
    "absolute link": [("wavs/a.wav", {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}, b"")],
    "link up": [("wavs/a", {"type": tarfile.SYMTYPE, "linkname": "../../.."}, b"")],
    "hard link": [("wavs/a.wav", {"type": tarfile.LNKTYPE, "linkname": "../../../secret"}, b"")],
    "device": [("wavs/a.wav", {"type": tarfile.CHRTYPE, "devmajor": 1, "devminor": 3}, b"")],
}


@pytest.mark.parametrize("members", ESCAPES.values(), ids=ESCAPES)
def test_an_archive_cannot_leave_its_folder(tmp_path, kaggle_at, members):
    (tmp_path / "secret").write_text("secret")
    inside = tmp_path / "a/b"
    inside.mkdir(parents=True)
    with loopback.serving(loopback.kaggle({HANDLE: tarred(*members)})) as server:
        kaggle_at(server)
        with pytest.raises(InputError, match=r"^the archive of somebody/some-music is refused: "):
            kaggle.download(HANDLE, inside / ".music", PLACE, wait=0.01)
    assert contents(tmp_path) == {"secret": b"secret"}


def test_entries_of_a_zip_stay_inside(tmp_path, kaggle_at):
    link = zipfile.ZipInfo("wavs/link.wav")
    link.external_attr = 0o120777 << 16
    entries = {"../../../evil.wav": b"evil", "/absolute.wav": b"evil", link: b"/etc/passwd"}
    with loopback.serving(loopback.kaggle({HANDLE: zipped(entries)})) as server:
        kaggle_at(server)
        folder = kaggle.download(HANDLE, tmp_path / "a/.music", PLACE)
    assert all(folder in path.parents for path in tmp_path.rglob("*.wav"))
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


def test_a_token_is_used_where_one_is_set(tmp_path, kaggle_at, monkeypatch):
    monkeypatch.setenv("KAGGLE_API_TOKEN", "secret-token")
    seen = []
    handler = loopback.kaggle({HANDLE: zipped(CLIPS)})

    class Watching(handler):
        def do_POST(self):  # noqa: N802
            seen.append(self.headers.get("Authorization"))
            super().do_POST()

    with loopback.serving(Watching) as server:
        kaggle_at(server)
        kaggle.download(HANDLE, tmp_path / ".music", PLACE)
    assert set(seen) == {"Bearer secret-token"}


def test_without_a_network_there_is_a_sentence_within_seconds(tmp_path, kaggle_at):
    with loopback.serving(loopback.kaggle({})) as server:
        pass  # nobody listens there any more
    kaggle_at(server)
    started = time.monotonic()
    with pytest.raises(InputError, match=f"cannot be reached: {PLACE}$"):
        kaggle.download(HANDLE, tmp_path / ".music", PLACE)
    assert time.monotonic() - started < 5
    assert not list(tmp_path.iterdir())
