"""Models arrive whole and without code, or fail with one sentence."""

import os
import time

import loopback
import pytest
from loopback import contents

from hybridmusic.downloads import hub
from hybridmusic.errors import InputError

MODEL = "somebody/model"
PLACE = "put it there"


@pytest.fixture
def hub_at(monkeypatch):
    """Direct the hub's client to a server on loopback."""
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
    """Write a folder like a model's, with files that must not be downloaded."""
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
    assert f"{MODEL}@{loopback.COMMIT}" in caplog.text  # pins the model


def test_a_pinned_model_is_requested_by_its_revision(tmp_path, hub_at, model, caplog):
    with loopback.serving(loopback.hub({MODEL: model})) as server:
        hub_at(server)
        hub.download(f"{MODEL}@{loopback.COMMIT}", tmp_path / ".model", PLACE)
    assert all(loopback.COMMIT in line for line in server.requests if line != "GET /")
    assert "to pin it" not in caplog.text


def test_a_model_of_pickles_is_refused(tmp_path, hub_at, model):
    (model / "model.safetensors").unlink()
    with loopback.serving(loopback.hub({MODEL: model})) as server:
        hub_at(server)
        with pytest.raises(InputError, match="has no weights as safetensors"):
            hub.download(MODEL, tmp_path / ".model", PLACE)


def test_an_unknown_model_is_reported(tmp_path, hub_at):
    with loopback.serving(loopback.hub({})) as server:
        hub_at(server)
        with pytest.raises(InputError, match=rf"{MODEL} cannot be downloaded .*: {PLACE}$"):
            hub.download(MODEL, tmp_path / ".model", PLACE)
    assert not list(tmp_path.iterdir())


def test_without_a_network_there_is_a_sentence_within_seconds(tmp_path, hub_at):
    with loopback.serving(loopback.hub({})) as server:
        pass  # nobody listens there any more
    hub_at(server)
    started = time.monotonic()
    with pytest.raises(InputError, match=f"cannot be reached: {PLACE}$"):
        hub.download(MODEL, tmp_path / ".model", PLACE)
    assert time.monotonic() - started < 5
    assert not list(tmp_path.iterdir())
