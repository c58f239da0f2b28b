"""Embeddings of clips by audio models of somebody else: made here, tiny, of random weights."""

import json
import re

import numpy as np
import pandas as pd
import pytest
import torch
from conftest import RATE, audio_model, tone
from soundfile import write

from hybridmusic import conditions, config, decoding, tables
from hybridmusic.errors import InputError
from hybridmusic.listening import Listener
from hybridmusic.scaling import standardise


@pytest.fixture(scope="module")
def speech(tmp_path_factory) -> str:
    """A model like wav2vec 2.0, at 16 kHz, of two layers of 16."""
    return audio_model(tmp_path_factory.mktemp("models") / "speech")


@pytest.fixture(scope="module")
def sound_and_text(tmp_path_factory) -> str:
    """A model like CLAP, at 48 kHz, which puts sound and text into one space of 8."""
    from transformers import ClapConfig, ClapFeatureExtractor, ClapModel

    folder = tmp_path_factory.mktemp("models") / "clap"
    torch.manual_seed(0)
    audio = {"spec_size": 64, "depths": [1, 1], "num_attention_heads": [1, 2], "hidden_size": 16}
    audio |= {"patch_embeds_hidden_size": 8, "num_mel_bins": 16, "window_size": 4}
    text = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "vocab_size": 9}
    text |= {"intermediate_size": 8}
    ClapModel(ClapConfig(audio_config=audio, text_config=text, projection_dim=8)).save_pretrained(
        folder
    )
    cut = {"max_length_s": 2, "truncation": "rand_trunc"}
    ClapFeatureExtractor(feature_size=16, **cut).save_pretrained(folder)
    return str(folder)


def clips(*seconds: float, rate: int = 16_000) -> list[np.ndarray]:
    return [tone(seed, length, rate) for seed, length in enumerate(seconds)]


@pytest.mark.numerical
def test_an_embedding_is_the_mean_of_a_layer_over_time(speech):
    from transformers import AutoFeatureExtractor, Wav2Vec2Model

    listener = Listener(speech)
    assert listener.rate == 16_000
    model = Wav2Vec2Model.from_pretrained(speech).eval()
    prepare = AutoFeatureExtractor.from_pretrained(speech)
    # Of several lengths, and more than fit into one batch.
    sounds = clips(*[1.0, 2.0] * 20, 1.5)
    for layer in (None, 0, 1, -1):
        found = listener.embed(sounds, layer)
        assert found.shape == (41, 16)
        assert found.dtype == np.float32
        for number in (0, 1, 39, 40):
            inputs = prepare(sounds[number], sampling_rate=16_000, return_tensors="pt")
            with torch.no_grad():
                output = model(inputs["input_values"], output_hidden_states=True)
            states = output.last_hidden_state if layer is None else output.hidden_states[layer]
            np.testing.assert_allclose(found[number], states[0].mean(0), rtol=1e-4, atol=1e-5)
    with pytest.raises(InputError, match=r"the layers 0 to 2, not 3 \(layer\)"):
        listener.embed(sounds[:1], 3)


@pytest.mark.numerical
def test_a_model_of_sound_and_text_gives_the_point_in_their_space(sound_and_text):
    from transformers import ClapFeatureExtractor, ClapModel

    listener = Listener(sound_and_text)
    assert listener.rate == 48_000
    sounds = clips(1.0, 1.0, 5.0, rate=48_000)
    found = listener.embed(sounds, None)
    assert found.shape == (3, 8)
    # Long sound is cut at random, but at the same random each time.
    np.testing.assert_array_equal(listener.embed(sounds, None), found)
    prepared = ClapFeatureExtractor.from_pretrained(sound_and_text)(
        sounds[:1], sampling_rate=48_000, return_tensors="pt"
    )
    with torch.no_grad():
        expected = ClapModel.from_pretrained(sound_and_text).eval().get_audio_features(**prepared)
    expected = expected if isinstance(expected, torch.Tensor) else expected.pooler_output
    np.testing.assert_allclose(found[0], expected[0], rtol=1e-4, atol=1e-6)
    with pytest.raises(InputError, match="no layers to choose from"):
        listener.embed(sounds, 1)


def copy_of(folder: str, to) -> str:
    from shutil import copytree

    return str(copytree(folder, to))


def test_a_model_that_is_none_is_told(speech, tmp_path):
    (tmp_path / "empty").mkdir()
    pickled, lacking, coded = (copy_of(speech, tmp_path / name) for name in "abc")
    weights = f"{pickled}/model.safetensors"
    from safetensors.torch import load_file, save_file

    torch.save(load_file(weights), f"{pickled}/pytorch_model.bin")
    (tmp_path / "a/model.safetensors").unlink()
    some = load_file(f"{lacking}/model.safetensors")
    gone = [name for name in some if name.startswith("encoder.layers.1.")]
    kept = {name: weight for name, weight in some.items() if name not in gone}
    save_file(kept, f"{lacking}/model.safetensors", metadata={"format": "pt"})
    settings = json.loads((tmp_path / "c/config.json").read_text())
    settings |= {
        "model_type": "mine",
        "auto_map": {"AutoModel": "code.Mine", "AutoConfig": "code.C"},
    }
    (tmp_path / "c/config.json").write_text(json.dumps(settings))
    (tmp_path / "c/code.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    for folder in (str(tmp_path / "empty"), str(tmp_path / "absent"), pickled, coded):
        with pytest.raises(InputError, match="cannot be loaded") as caught:
            Listener(folder)
        assert "\n" not in str(caught.value)
    assert not (tmp_path / "ran").exists()
    with pytest.raises(InputError, match=f"lacks {len(gone)} of its weights, such as encoder.la"):
        Listener(lacking)


def test_a_model_of_text_is_no_audio_model(tmp_path):
    from transformers import BertConfig, BertModel

    BertModel(
        BertConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=1)
    ).save_pretrained(tmp_path)
    with pytest.raises(InputError, match="audio model"):
        Listener(str(tmp_path))


def test_clips_are_decoded_at_the_rate_that_is_asked_for(tmp_path):
    path = tmp_path / "clip.wav"
    write(path, tone(0, 2.0, 48_000), 48_000, subtype="FLOAT")
    found = decoding.load_clip(path, 0.0, 1.0, 1.0, 48_000)
    np.testing.assert_array_equal(found, tone(0, 2.0, 48_000)[:48_000])
    assert len(decoding.load_clip(path, 0.0, 1.0, 1.0, 16_000)) == 16_000
    assert len(decoding.load_clip(path, 0.0, 1.0, 1.0)) == RATE


ROWS = [
    ("raw_kmeans", "Raw K-Means", "none", 0.30),
    ("plain", "Plain", "none", 0.20),
    ("heard", "Heard", conditions.ELSEWHERE, 0.90),
]


def test_words_never_count_what_a_trained_model_brings_as_found():
    names, labels, told, values = zip(*ROWS, strict=True)
    tracks = pd.DataFrame({"genre": ["a", "b"], "language": ["x", "x"]})
    methods = tables.described(list(names), list(labels), list(names), list(told), tracks)
    uncertainty = pd.DataFrame(
        {"method": names, "k": 8, "metric": "nmi", "value": values, "chance": 0.01, "p": 0.01}
        | {"low": 0.1, "high": 1.0, "baseline": "raw_kmeans", "seeds": 3, "shuffled": "songs"}
        | {"difference_low": [np.nan, -1.0, 0.4], "difference_high": [np.nan, 1.0, 0.8]}
    )
    said = tables.verdicts(uncertainty, methods, 8, [])
    text = " ".join(sentence for told in said.values() for sentence in told)
    assert "saw no genres and learned from these tracks alone Raw K-Means agrees best" in text
    assert "no discovery in these: the best of such, Heard‡, has NMI 0.900" in text
    assert "paired difference (*): Heard‡." in text
    assert (
        "‡ made with a model that was trained on other data, whatever that was told: Heard." in text
    )
    assert not re.search(r"Heard(?!‡|\.$|\. )", text)
    shown = tables.marked_labels(pd.DataFrame({"Method": labels}), methods)
    assert shown["Method"].to_list() == ["Raw K-Means", "Plain", "Heard‡"]
    # Without any such method nothing is said of other data.
    alone = tables.verdicts(uncertainty[:2], methods[:2], 8, [])
    assert "other data" not in str(alone)
    assert "saw no genres Raw K-Means agrees best" in str(alone)


def test_what_is_made_of_a_trained_model_is_marked_too():
    spaces = {
        "heard": {"kind": "pretrained", "model": "somebody/mini"},
        "clap": {"kind": "external", "path": "x.npz"},
        "own": {"kind": "external", "path": "y.npz", "pretrained": False},
        "map": {"kind": "umap", "of": "heard"},
        "scaled": {"kind": "standardise", "of": "clap", "by": "language"},
        "shown": {"kind": "vae", "of": "heard", "condition": "genre"},
    }
    found = {name: config.condition({"spaces": spaces}, name) for name in spaces}
    assert found == {
        **dict.fromkeys(["heard", "clap", "map", "scaled"], "other data"),
        **{"own": "none", "shown": "genre"},
    }
    assert config.need_sound({"spaces": spaces}) == ["heard", "map", "shown"]


@pytest.mark.long
def test_a_run_embeds_its_clips_once(project, speech):
    heard = {"kind": "pretrained", "model": speech, "layer": 1}
    project.write_config(balance=False, spaces={"heard": heard})
    project.succeed("results/tiny/spaces/heard.parquet")
    space = pd.read_parquet(project.results / "spaces/heard.parquet")
    assert len(space) == 24
    music = project.folder / "music"
    clip = decoding.load_clip(music / "english/blues/1.wav", 0.0, 2.0, 1.0, 16_000)
    parts = [pd.read_parquet(project.results / f"pretrained/heard/{n}.parquet") for n in (0, 1)]
    vectors = pd.concat(parts).set_index("id")["vector"]
    expected = Listener(speech).embed([clip], 1)[0]
    np.testing.assert_allclose(vectors["en/blues/1.wav"], expected, rtol=1e-3, atol=1e-4)
    scaled = standardise(np.stack(vectors[space["id"]]))
    np.testing.assert_allclose(np.stack(space["vector"]), scaled, atol=1e-5)

    write(music / "english/blues/new.wav", tone(1000), RATE)
    project.succeed("results/tiny/spaces/heard.parquet")
    logs = (project.results / "logs").glob("embed_clips_heard_*.log")
    counts = [re.search(r"(\d+) of \d+ clips known, (\d+) emb", log.read_text()) for log in logs]
    assert [sum(map(int, n)) for n in zip(*(c.groups() for c in counts), strict=True)] == [24, 1]


def test_a_model_on_the_hub_is_fetched_before_clips_are_embedded(project):
    heard = {"kind": "pretrained", "model": "somebody/mini@main"}
    project.write_config(spaces={"heard": heard, "again": heard})
    said = project.succeed("--dry-run", "results/tiny/spaces/heard.parquet", "downloads")
    assert {"fetch_audio_model", "embed_clips"} <= project.planned(
        "results/tiny/spaces/heard.parquet"
    )
    assert "resources/audio_models/somebody--mini@main.json" in said
    assert project.planned("downloads") == {"downloads", "fetch_audio_model"}
