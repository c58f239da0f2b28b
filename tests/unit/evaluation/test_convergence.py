"""The rule for a loss that still falls: known curves, and its rate of false alarms."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.evaluation.convergence import loss, projected_falls

EPOCHS = np.arange(1, 51)


def test_a_decay_that_has_ended_is_told_from_one_that_has_not():
    ended, unfinished = (1 + np.exp(-EPOCHS / scale) for scale in (4, 40))
    falls, falling = projected_falls(np.column_stack([ended, unfinished, 2 + 0 * EPOCHS]))
    assert falling.tolist() == [False, True, False]
    assert falls[0] < 1e-3
    assert falls[2] == 0
    # The last ten epochs fall by a line whose slope is between those at their ends.
    level = unfinished[-10:].mean()
    low, high = (50 * np.exp(-epoch / 40) / 40 / level for epoch in (50, 41))
    assert low < falls[1] < high


def test_the_fall_of_a_line_is_known():
    falls, falling = projected_falls((2 - 0.004 * EPOCHS)[:, None])
    assert falls[0] == pytest.approx(0.2 / (2 - 0.004 * 45.5))
    assert falling[0]
    # Less than 1 % over another 50 epochs is no fall worth the training, however certain.
    falls, falling = projected_falls((2 - 0.0003 * EPOCHS)[:, None])
    assert (falls[0], falling[0]) == (pytest.approx(0.0075, rel=0.01), False)


def test_a_noisy_plateau_is_called_falling_at_the_nominal_rate():
    draws = np.random.default_rng(0)
    # Noise so large that the margin of 1 % excludes almost nothing.
    rate = projected_falls(1 + draws.normal(0, 0.05, (50, 2000)))[1].mean()
    # The standard error of a rate of 5 % in 2000 curves is 0.005.
    assert rate == pytest.approx(0.05, abs=4 * 0.005)
    # With noise of 0.05 %, falls by chance have a standard deviation of 0.28 %: none is 1 %.
    assert projected_falls(1 + draws.normal(0, 0.0005, (50, 500)))[1].mean() < 0.01


def test_a_planted_fall_is_found_through_noise():
    draws = np.random.default_rng(0)
    # The demo's losses fall by 10 to 50 % over as many epochs again, with noise of 0.7 %.
    falling = (1.3 - 0.006 * EPOCHS)[:, None] + draws.normal(0, 0.007, (50, 1000))
    assert projected_falls(falling)[1].mean() > 0.99


def test_few_epochs_decide_nothing():
    falls, falling = projected_falls(np.arange(4.0)[::-1, None] + 1)
    assert np.isnan(falls).all()
    assert not falling.any()


def test_the_loss_weighs_its_parts_per_feature():
    history = pd.DataFrame(
        {
            "seed": [5, 6, 5, 6],
            "epoch": [1, 1, 2, 2],
            "reconstruction": [1.0, 2.0, 0.5, 1.0],
            "kl": [4.0, 8.0, 2.0, 4.0],
            "other": [0.1, 0.1, 0.0, 0.0],
        }
    )
    by_beta = loss(history, {"features": 8, "beta": 4.0, "temperature": 9.0})
    np.testing.assert_allclose(by_beta, [[3.1, 6.1], [1.5, 3.0]])
    fusion = loss(history, {"features": [5, 3], "temperature": 0.1})
    np.testing.assert_allclose(fusion, [[1.5, 2.9], [0.7, 1.4]])
    np.testing.assert_allclose(loss(history, {"features": 8}), [[1.1, 2.1], [0.5, 1.0]])
