"""Adaptive fusion against its formulas, and with shuffled, noisy and redundant modalities."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import GroupKFold, cross_val_score

from hybridmusic import kinds
from hybridmusic.networks._objective import Batch
from hybridmusic.spaces.scaling import standardise
from hybridmusic.training import loop

pytestmark = pytest.mark.numerical

SONGS = np.repeat(np.arange(150), 2)


def related(seed=0, width=30):
    """Two standardised modalities of two common factors, two of their own and noise.

    Return both, the factors and the generator that drew them.
    """
    draws = np.random.default_rng(seed)
    n, factors = len(SONGS), draws.normal(size=(len(SONGS), 2))
    modalities = [
        standardise(
            np.hstack([factors, draws.normal(size=(n, 2))]) @ draws.normal(size=(4, width))
            + 2.5 * draws.normal(size=(n, width))
        )
        for _ in range(2)
    ]
    return *modalities, factors, draws


def fused(modalities):
    """Return the mean attention to each modality, and the space of each of three seeds."""
    x, condition, seeds = np.hstack(modalities), np.zeros((len(SONGS), 0)), [0, 1, 2]
    chosen = kinds.settings("networks", "adaptive_fusion", {"epochs": 20})
    widths = [modality.shape[1] for modality in modalities]
    network = loop.build("adaptive_fusion", widths, 0, seeds, chosen)
    loop.train(network, x, condition, seeds, chosen, units=SONGS)
    attention = loop.attention(network, x).mean(axis=(0, 1))
    return attention, loop.encode(network, x, condition).latent


def text_weight(*modalities):
    return fused(modalities)[0][1]


def test_text_of_other_tracks_has_no_weight():
    audio, text, _, draws = related()
    # 20 draws give 0.31 to 0.43 for a track's own text, and at most 0.01 for text of other tracks.
    assert text_weight(audio, text) > 0.25
    assert text_weight(audio, draws.permutation(text)) < 0.1
    songs = draws.permutation(150)
    assert text_weight(audio, text.reshape(150, 2, -1)[songs].reshape(text.shape)) < 0.1


@pytest.mark.parametrize("width", [8, 52, 384])
def test_noise_has_no_weight_in_any_place(width):
    # The largest of 20 draws for each width and place is 0.02.
    audio, _, _, draws = related()
    noise = draws.normal(size=(len(audio), width))
    assert text_weight(audio, noise) < 0.1
    assert text_weight(noise, audio) > 0.9


def test_columns_of_low_rank_have_no_weight_for_their_number():
    audio, _, factors, draws = related()
    few, many, noise = (
        standardise(part @ draws.normal(size=(2, width)))
        for part, width in ((factors, 8), (factors, 384), (draws.normal(size=factors.shape), 384))
    )
    # Over 20 draws the two differ by at most 0.01, and noise has at most 0.01.
    assert text_weight(audio, many) == pytest.approx(text_weight(audio, few), abs=0.05)
    assert text_weight(audio, noise) < 0.1


def test_copied_columns_add_no_weight():
    audio, text, _, _ = related()
    expected = text_weight(audio, text)
    # Over 20 draws they differ by at most 0.01.
    assert text_weight(audio, np.tile(text, 8)) == pytest.approx(expected, abs=0.05)
    assert text_weight(np.tile(audio, 8), text) == pytest.approx(expected, abs=0.05)


def predictability(space, factors):
    model = RidgeCV(np.logspace(-3, 4, 15))
    folds = GroupKFold(5)
    return cross_val_score(model, space, factors, groups=SONGS, cv=folds, scoring="r2").mean()


def test_the_space_predicts_common_factors_better_than_each_modality():
    audio, text, factors, _ = related()
    _, spaces = fused([audio, text])
    # 20 draws give 0.009 to 0.076 more, 0.039 ± 0.016.
    best = max(predictability(part, factors) for part in (audio, text))
    assert np.mean([predictability(space, factors) for space in spaces]) > best


def test_fusion_minimises_what_its_docstring_says():
    """The loss rebuilt with numpy for one track of one seed."""
    chosen = kinds.settings("networks", "adaptive_fusion", {"hidden": [5], "latent": 3})
    network = loop.build("adaptive_fusion", [4, 6], 0, [0, 1], chosen | {"temperature": 0.1})
    network.relevance[1] = torch.tensor([0.3, 0.7])
    network, x = network.double(), torch.randn(2, 1, 10).double()
    weight = {name: w[1].detach().numpy() for name, w in network.state_dict().items()}

    def linear(v, name):
        return v @ weight[f"{name}.weight"] + weight[f"{name}.bias"][0]

    track, parts, relevance = x[1, 0].numpy(), (slice(0, 4), slice(4, 10)), weight["relevance"][0]
    codes = [
        linear(np.maximum(linear(track[part], f"encoders.{m}.0"), 0), f"codes.{m}")
        for m, part in enumerate(parts)
    ]
    logits = linear(np.maximum(linear(np.concatenate(codes), "gate.0"), 0), "logits")
    attention = relevance * np.exp(logits) / (relevance @ np.exp(logits))

    def error_of(code):
        squared = (linear(code, "output") - track) ** 2
        return relevance @ [squared[part].mean() for part in parts]

    errors = np.array([error_of(code) for code in codes])
    error, kl, other = network.loss(Batch(x, x[:, :, :0], x[:, :, :0]))
    assert other.tolist() == [0, 0]
    assert error[1].item() == pytest.approx(10 * attention @ errors)
    assert kl[1].item() == pytest.approx(attention @ np.log(attention / relevance))
    assert network.beta == pytest.approx(0.1 * 10)
    # The mixture's own error is at most the mixture of the errors, for the decoder is linear.
    assert error_of(attention @ np.stack(codes)) <= attention @ errors
    z = network.encode(x, torch.zeros(2, 1, 0))[0]
    np.testing.assert_allclose(z[1, 0].detach(), attention @ np.stack(codes))
    np.testing.assert_allclose(network.attention(x)[1, 0].detach(), attention)
