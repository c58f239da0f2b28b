"""Scores over beta."""

import numpy as np
from drawing import rendered, tuned

from hybridmusic.figures import beta_curve


def test_the_beta_curve_joins_means_over_seeds():
    scores = tuned().query("learning_rate == 0.001")
    figure = rendered(beta_curve.draw(scores))
    lines = {ax.get_title(loc="left"): ax.containers[0].lines[0] for ax in figure.axes}
    np.testing.assert_allclose(lines["(a) MSE per feature"].get_ydata(orig=False), [0.2, 0.8])
    np.testing.assert_allclose(lines["(b) KL (nats per track)"].get_ydata(orig=False), [4, 1])
    np.testing.assert_allclose(lines["(c) NMI with genre"].get_ydata(orig=False), [0.31, 0.34])
    assert len(beta_curve.draw(tuned(genres=False)).axes) == 2
