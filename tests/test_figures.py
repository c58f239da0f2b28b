"""Figures show what they are given, whatever the tracks are called."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic import palette
from hybridmusic.figures import genre_distribution, reconstructions, umap_panel
from hybridmusic.figures.umap_panel import Panel

NASTY = ["$x_", r"\frac{", "<b>&amp;", "গান", "a" * 300, "line\nbreak", "%s {0}"]


def rendered(figure):
    """Draw for real, because that is when text is laid out."""
    figure.canvas.draw()
    return figure


def texts(figure):
    found = [text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))]
    return [text for text in found if text]


def test_clusters_are_renamed_to_those_they_share_most_with():
    reference = np.array([0, 0, 0, 1, 1, 2, 2, -1])
    found = umap_panel.matched(np.array([5, 5, 5, 9, 9, 7, 7, -1]), reference)
    np.testing.assert_array_equal(found, reference)
    # A cluster that is left over gets a number of its own.
    more = umap_panel.matched(np.array([0, 0, 3, 1, 1, 2, 2, -1]), reference)
    np.testing.assert_array_equal(more, [0, 0, 3, 1, 1, 2, 2, -1])
    noise = umap_panel.matched(np.full(8, -1), reference)
    assert (noise == -1).all()


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


def test_languages_keep_the_papers_colours_and_others_get_their_own():
    found = palette.languages(["bangla", "english", "hindi", "tamil"])
    assert len(set(found.values())) == 4
    assert (found["english"], found["bangla"]) == ("#0072B2", "#D55E00")


def test_chosen_tracks_go_from_easy_to_hard():
    errors = np.stack([np.arange(101.0)[::-1], np.arange(101.0)[::-1]])
    assert reconstructions.choose(errors, 3).tolist() == [90, 50, 10]
    assert reconstructions.choose(errors, 1).tolist() == [50]


def test_every_title_of_a_reconstruction_holds_its_error():
    x = np.random.default_rng(0).normal(size=(len(NASTY), 52))
    made = {"Good": x + 0.1, "Bad": x - 2.0}
    titles = [reconstructions.shortened(name, 22) for name in NASTY]
    figure = rendered(reconstructions.draw(x, made, titles, {"1": 0, "2": 12}))
    said = texts(figure)
    assert said.count("Good: MSE 0.010") == said.count("Bad: MSE 4.000") == len(NASTY)
    assert titles[0] == "$x_"
    assert len(titles[4]) == 22
    assert titles[5] == "line break"


@pytest.mark.parametrize("genres", [True, False])
def test_bars_are_shares_of_the_cluster_by_genre_and_language(genres):
    tracks = pd.DataFrame(
        {
            "cluster": [0, 0, 0, 0, 1, 1, -1],
            "genre": ["Pop", "Pop", "Pop", NASTY[0], "Pop", None, "Rock"] if genres else None,
            "language": ["english", "bangla", "bangla", "english", "bangla", "bangla", "english"],
        }
    )
    figure = rendered(genre_distribution.draw(tracks, 3, "Method†"))
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert titles == ["Noise (1)", "Cluster 0 (4)", "Cluster 1 (2)"]
    widths = sorted(bar.get_width() for bar in figure.axes[1].patches)
    assert widths == ([25.0, 25.0, 50.0] if genres else [50.0, 50.0])
