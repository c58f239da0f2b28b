"""The panel of maps shows every point of every map."""

import numpy as np
import pytest
from drawing import rendered, texts

from hybridmusic.figures import umap_panel
from hybridmusic.figures.umap_panel import Panel


def test_a_panel_draws_every_point_in_its_clusters_colour():
    random = np.random.default_rng(0)
    points = random.normal(size=(40, 2))
    clusters = random.integers(-1, 12, 40)
    languages = np.array(["english", "bangla", "hindi", "tamil"])[random.integers(0, 4, 40)]
    panels = [Panel("Clusters", points, clusters), Panel("Language", points, languages)]
    figure = rendered(umap_panel.draw(panels))
    for ax in figure.axes[:2]:
        assert sum(len(c.get_offsets()) for c in ax.collections) == 40
    said = texts(figure)
    assert "(a) Clusters" in said
    assert {"noise", "cluster 0", "(b) hindi"} <= set(said)
    assert any("same colours" in text for text in said)


@pytest.mark.parametrize("n", [1, 26, 30])
def test_no_panel_is_dropped_however_many_there_are(n):
    points = np.random.default_rng(0).normal(size=(10, 2))
    panels = [Panel(f"Map {number}", points, np.arange(10) % 3) for number in range(n)]
    axes = umap_panel.draw(panels).axes
    titles = [ax.get_title(loc="left") for ax in axes if ax.axison]
    assert len(titles) == n
    assert titles[0] == "(a) Map 0"
    if n > 26:
        assert titles[25:28] == ["(z) Map 25", "(aa) Map 26", "(ab) Map 27"]
    assert [bool(ax.collections) for ax in axes] == [ax.axison for ax in axes]
