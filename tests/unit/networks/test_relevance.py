"""Relevance against scikit-learn, known eigenvectors and modalities that share nothing."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold

from hybridmusic.networks import _relevance
from hybridmusic.networks._relevance import predicted_shares, weights

pytestmark = pytest.mark.numerical

SONGS = np.repeat(np.arange(100), 2)


def related(seed=0):
    """Two modalities of two common factors each, and the generator that drew them."""
    draws = np.random.default_rng(seed)
    factors = draws.normal(size=(200, 2))
    noise = draws.normal(size=(200, 18))
    return *np.split(factors @ draws.normal(size=(2, 18)) + noise, [6], axis=1), draws


def test_a_share_is_that_of_ridge_regression_on_other_songs():
    x, y, _ = related()
    variance, errors = 0, np.zeros(len(_relevance.PENALTIES))
    for fit, held_out in GroupKFold(5).split(x, groups=SONGS):
        total = np.square(x[fit] - x[fit].mean(axis=0)).sum()
        variance += np.square(y[held_out] - y[fit].mean(axis=0)).sum()
        for i, penalty in enumerate(_relevance.PENALTIES):
            model = Ridge(alpha=penalty * total).fit(x[fit], y[fit])
            errors[i] += np.square(y[held_out] - model.predict(x[held_out])).sum()
    expected = 1 - errors.min() / variance
    assert expected > 0.2
    assert predicted_shares([x, y], SONGS)[0, 1] == pytest.approx(expected)


def test_shares_do_not_depend_on_scale_copies_or_rotation():
    x, y, draws = related()
    rotation = np.linalg.qr(draws.normal(size=(12, 12)))[0]
    expected = predicted_shares([x, y], SONGS)
    for same in (np.tile(y, 5), 1000 * y + 7, y @ rotation):
        shares = predicted_shares([x, same], SONGS)
        across = [0, 0, 1], [0, 1, 0]
        np.testing.assert_allclose(shares[across], expected[across], atol=1e-9)
        # Rounding changes the signs of components, so halves differ: 20 rotations vary by 0.001.
        assert shares[1, 1] == pytest.approx(expected[1, 1], abs=0.01)


def test_songs_are_held_out_whole():
    """A modality that only names the song predicts other clips of it, but no other song."""
    draws = np.random.default_rng(0)
    name, sound = draws.normal(size=(100, 150))[SONGS], draws.normal(size=(100, 5))[SONGS]
    # 20 draws give 1.00 for clips, and 0 to 0.01 for songs.
    assert predicted_shares([sound, name], np.arange(200))[1, 0] > 0.9
    assert predicted_shares([sound, name], SONGS)[1, 0] < 0.05


def test_weights_are_the_leading_eigenvector(monkeypatch):
    shares = np.array([[0.5, 0.2, 0.0], [0.2, 1.5, 0.0], [0.0, 0.0, 1.2]])
    monkeypatch.setattr(_relevance, "predicted_shares", lambda *_: shares.copy())
    # R_mm of the others counts a third: (0.5, 0.2; 0.2, 0.5) has equal weights.
    np.testing.assert_allclose(weights([], SONGS), [0.5, 0.5, 0], atol=1e-12)


@pytest.mark.parametrize("n_songs", [2, 100])
def test_modalities_that_predict_nothing_have_equal_weights(n_songs):
    constant = np.ones((200, 3))
    assert weights([constant, constant], SONGS % n_songs).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_of_three_modalities_the_one_of_other_tracks_is_found_in_any_place(place):
    # The largest weight of 60 draws is 0.04.
    x, y, draws = related()
    modalities = [x, y]
    modalities.insert(place, draws.permutation(x))
    assert weights(modalities, SONGS)[place] < 0.1
