"""Reconstruction against agreement with genre."""

import numpy as np
import pandas as pd
import pytest
from drawing import NASTY, rendered, texts

from hybridmusic.figures import tradeoff


def test_the_tradeoff_has_a_point_for_each_network_and_seed():
    points = pd.DataFrame({"error": [0.4, 0.6], "nmi": [0.3, 0.5]})
    tuned = pd.DataFrame({"latent": 8, "beta": [1.0, 4.0], "error": [0.4, 0.9], "nmi": [0.5, 0.1]})
    figure = rendered(tradeoff.draw({"One†": points, NASTY[0]: points}, tuned))
    left, right = figure.axes
    shown = [len(found.get_offsets()) for found in left.collections]
    assert shown == [2, 1, 2, 1]
    np.testing.assert_allclose(left.collections[1].get_offsets(), [[0.5, 0.4]])
    assert {text.get_text() for text in left.get_legend().get_texts()} == {"One†", NASTY[0]}
    assert [text.get_text() for text in right.texts] == ["1", "4"]
    nothing = texts(rendered(tradeoff.draw({}, tuned.iloc[:0])))
    assert nothing.count(tradeoff.NOTHING) == 2


def test_without_tuning_there_is_one_panel():
    points = pd.DataFrame({"error": [0.4, 0.6], "nmi": [0.3, 0.5]})
    figure = rendered(tradeoff.draw({"One": points}, None))
    (ax,) = figure.axes
    assert [len(points.get_offsets()) for points in ax.collections] == [2, 1]
    assert ax.get_title(loc="left").startswith("(a) Configured networks")
    assert figure.get_figwidth() == pytest.approx(tradeoff.palette.PAGE_WIDTH / 2)
