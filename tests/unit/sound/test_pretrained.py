"""Clips are embedded by pretrained audio models: tiny ones here, of random weights."""

import json

import numpy as np
import pytest
import torch
from samples import audio_model, tone

from hybridmusic.errors import InputError
from hybridmusic.sound.pretrained import Listener


@pytest.fixture(scope="module")
def speech(tmp_path_factory) -> str:
    """Save a model like wav2vec 2.0, at 16 kHz, of two layers of 16."""
    return audio_model(tmp_path_factory.mktemp("models") / "speech")


@pytest.fixture(scope="module")
def sound_and_text(tmp_path_factory) -> str:
    """Save a model like CLAP, at 48 kHz, with one space of 8 for sound and text."""
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
    # Several lengths, and more clips than fit into one batch.
    sounds = clips(*[1.0, 2.0] * 20, 1.5)
    for layer in (None, 0, 1, -1):
        vectors = listener.embed(sounds, layer)
        assert vectors.shape == (41, 16)
        assert vectors.dtype == np.float32
        for number in (0, 1, 39, 40):
            inputs = prepare(sounds[number], sampling_rate=16_000, return_tensors="pt")
            with torch.no_grad():
                output = model(inputs["input_values"], output_hidden_states=True)
            states = output.last_hidden_state if layer is None else output.hidden_states[layer]
            np.testing.assert_allclose(vectors[number], states[0].mean(0), rtol=1e-4, atol=1e-5)
    with pytest.raises(InputError, match="layer is 3; allowed for this model: 0 to 2"):
        listener.embed(sounds[:1], 3)


@pytest.mark.numerical
def test_a_model_of_sound_and_text_gives_the_point_in_their_space(sound_and_text):
    from transformers import ClapFeatureExtractor, ClapModel

    listener = Listener(sound_and_text)
    assert listener.rate == 48_000
    sounds = clips(1.0, 1.0, 5.0, rate=48_000)
    vectors = listener.embed(sounds, None)
    assert vectors.shape == (3, 8)
    # Long sound is cut at random, but at the same place each time.
    np.testing.assert_array_equal(listener.embed(sounds, None), vectors)
    prepared = ClapFeatureExtractor.from_pretrained(sound_and_text)(
        sounds[:1], sampling_rate=48_000, return_tensors="pt"
    )
    with torch.no_grad():
        expected = ClapModel.from_pretrained(sound_and_text).eval().get_audio_features(**prepared)
    expected = expected if isinstance(expected, torch.Tensor) else expected.pooler_output
    np.testing.assert_allclose(vectors[0], expected[0], rtol=1e-4, atol=1e-6)
    with pytest.raises(InputError, match="no layers to choose from"):
        listener.embed(sounds, 1)


def copy_of(folder: str, to) -> str:
    from shutil import copytree

    return str(copytree(folder, to))


def test_a_folder_without_a_complete_safe_model_is_refused(speech, tmp_path):
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
