"""The table of reconstruction: means over seeds, verdicts and notes."""

import pandas as pd
import pytest

from hybridmusic.tables.reconstruction import notes, table, verdicts

HELD_OUT = pd.DataFrame(
    {
        "seed": [0, 1, 0, 1],
        "part": ["training", "training", "held_out", "held_out"],
        "n_tracks": [12, 12, 3, 3],
        "n_songs": [8, 8, 2, 2],
        "reconstruction": [0.1, 0.3, 0.5, 0.7],
        "mean_prediction": [1.0, 1.0, 1.1, 1.3],
        "kl": [1.0, 1.0, 2.0, 4.0],
        "active_units": [4, 6, 3, 3],
    }
)


def test_reconstruction_means_over_seeds():
    row = table({"vae": HELD_OUT}, {"vae": "audio"}).iloc[0]
    assert (row["Network"], row["Input"]) == ("vae", "audio")
    assert row.to_list()[2:] == pytest.approx([0.2, 0.6, 1.2, 3.0, 5.0])


def test_verdicts_name_networks_that_are_no_better_than_the_mean():
    poor = HELD_OUT.assign(mean_prediction=0.5)
    found = table({"vae": HELD_OUT, "poor": poor}, {"vae": "audio", "poor": "audio"})
    assert verdicts(found)[0].endswith("by their mean by: poor.")
    assert verdicts(found[:1])[0].startswith("Every network")


def test_notes_count_the_held_out_songs():
    assert "without 20% of the songs: 3 tracks of 2 songs" in notes({"vae": HELD_OUT})[0]
