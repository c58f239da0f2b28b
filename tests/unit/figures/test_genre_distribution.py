"""Bars of genres in clusters."""

import pandas as pd
import pytest
from drawing import NASTY, rendered

from hybridmusic.figures import genre_distribution


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
