"""The table of reconstruction: means over seeds, verdicts and notes."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.evaluation import convergence
from hybridmusic.tables.reconstruction import doubts, notes, table, verdicts
from hybridmusic.training import loop

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
        "informative_units": [2, 3, 2, 2],
    }
)
# The loss of one seed falls by a tenth over 50 epochs, that of the other does not.
LOSSES = pd.DataFrame({0: np.linspace(1.1, 1, 50), 1: np.ones(50)})


def tabulated(**networks):
    return table(networks, dict.fromkeys(networks, LOSSES), dict.fromkeys(networks, "audio"))


def test_reconstruction_means_over_seeds():
    row = tabulated(vae=HELD_OUT).iloc[0]
    assert (row["Network"], row["Input"]) == ("vae", "audio")
    assert row.to_list()[2:9] == pytest.approx([0.2, 0.6, 1.2, 3.0, 1.0, 5.0, 2.5])
    # A fall of 0.1 in 49 steps, relative to 1.009 in the last ten epochs; half of it on average.
    assert row["Projected fall"] == pytest.approx(50 * 0.1 / 49 / 1.009 / 2, rel=1e-3)
    assert row["Still falling"] == "1 of 2"


def test_verdicts_name_networks_that_are_no_better_than_the_mean():
    poor = HELD_OUT.assign(mean_prediction=0.5)
    found = tabulated(vae=HELD_OUT, poor=poor)
    assert verdicts(found)[0].endswith("by their mean by: poor.")
    assert verdicts(found[:1])[0].startswith("Every network")


def test_doubts_name_networks_that_still_learn_and_those_with_less_than_one_bit():
    (still,) = doubts(tabulated(vae=HELD_OUT))
    assert "at their last epoch: vae (1 of 2 seeds)." in still
    all_seeds = table({"vae": HELD_OUT}, {"vae": LOSSES[[0]]}, {"vae": "audio"})
    assert "at their last epoch: vae. " in doubts(all_seeds)[0]
    named = tabulated(vae=HELD_OUT, near=HELD_OUT.assign(kl=0.5), gone=HELD_OUT.assign(kl=0.01))
    few = doubts(named)[1]
    assert "near (0.50 nats; 5.0 units are active, 2.5 by KL); gone (0.01 nats;" in few
    assert few.endswith(", collapsed.")
    ended = {"ae": LOSSES[[1]]}
    plain = HELD_OUT.assign(kl=np.nan, informative_units=np.nan)
    assert not doubts(table({"ae": plain}, ended, {"ae": "audio"}))
    short = table({"ae": plain}, {"ae": LOSSES[:3]}, {"ae": "audio"})
    assert short["Still falling"].to_list() == ["–"]
    assert not doubts(short)


def test_notes_count_the_held_out_songs():
    assert "without 20% of the songs: 3 tracks of 2 songs" in notes({"vae": HELD_OUT})[0]


def test_notes_state_the_thresholds_that_are_used():
    said = " ".join(notes({"vae": HELD_OUT}))
    assert f"its mean over tracks exceeds {loop.ACTIVE_VARIANCE:g} " in said
    assert f"a mean KL above {loop.INFORMATIVE_KL:g} nats" in said
    assert f"above {convergence.MARGIN:.0%}".replace("%", " %") in said
    assert f"a t test at {convergence.LEVEL:.0%}".replace("%", " %") in said
