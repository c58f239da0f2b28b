"""Stability over k, and the sorted distances to neighbours."""

import numpy as np
import pandas as pd
from drawing import rendered, texts
from scoring import CHOICES

from hybridmusic.figures import choosing_k
from hybridmusic.spaces import radius


def test_the_figure_marks_the_chosen_k_and_the_knee():
    distances = pd.DataFrame({"distance": np.linspace(0, 1, 50) ** 8})
    distances = pd.concat(distances.assign(space=name) for name in ("one", "two", "$few_"))
    figure = choosing_k.draw(CHOICES, distances, ["one", "$few_", "two"])
    said = texts(rendered(figure))
    assert {"one", "two", "$few_", " k = 4", choosing_k.NOTHING, choosing_k.SMALL} <= set(said)
    knee = np.linspace(0, 1, 50)[radius.knee(np.linspace(0, 1, 50) ** 8)] ** 8
    assert said.count(f"eps = {knee:.3g}") == 3
