"""Scores over the share of labels."""

import numpy as np
from scoring import few_labels

from hybridmusic.figures.few_labels import draw
from hybridmusic.tables.few_labels import table


def test_the_figure_has_a_line_for_each_way():
    scores = few_labels()
    figure = draw(scores)
    agreement, accuracy = figure.axes
    assert len(agreement.containers) == 3
    assert len(accuracy.containers) == 2
    assert [tick.get_text() for tick in agreement.get_xticklabels()] == [
        "0 %",
        "5 % to 20 %",
        "100 %",
    ]
    line = agreement.containers[0].lines[0].get_ydata().astype(float)
    np.testing.assert_allclose(line, table(scores)["Latent NMI"])
    assert "fewer than two genres" in draw(scores[:0]).texts[0].get_text()
