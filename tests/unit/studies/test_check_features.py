"""A planted deviation is found, in the clip and the feature where it was planted."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.errors import InputError
from hybridmusic.studies import check_features

CLIPS = 6


def described(seed: int = 0) -> pd.DataFrame:
    draws = np.random.default_rng(seed)
    names = ["tempo", *(n + e for n in ("energy", "brightness") for e in ("", "_low", "_high"))]
    columns = {name: draws.uniform(1, 2, CLIPS) for name in names}
    mfcc = list(draws.normal(0, 30, (CLIPS, 52)))
    return pd.DataFrame({"id": list("abcdef"), "mfcc": mfcc, **columns})


def compared(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    return check_features.deviations(ours, theirs).set_index("feature")


def test_equal_features_do_not_deviate():
    found = compared(described(), described())
    assert len(found) == 52 + 7
    assert (found["deviation"] == 0).all()
    assert (found["beyond"] == 0).all()


def test_a_planted_deviation_is_found_where_it_is():
    ours, theirs = described(), described()
    ours.loc[2, "energy"] *= 1.01
    ours.loc[4, "energy"] *= 1 + 1e-4
    ours.at[5, "mfcc"][[0, 5]] = [-200.0, 7.0]
    theirs.at[5, "mfcc"][[0, 5]] = [-202.0, 7.1]
    found = compared(ours, theirs)
    energy = found.loc["energy"]
    assert energy["deviation"] == pytest.approx(0.01)
    assert (energy["clip"], energy["beyond"]) == ("c", 1)
    assert energy["ours"] == ours["energy"][2]
    assert energy["theirs"] == theirs["energy"][2]
    # Coefficient by coefficient: mean, std, min and max.
    assert found.loc["mfcc1_mean", "deviation"] == pytest.approx(2 / 202)
    assert found.loc["mfcc2_std", "deviation"] == pytest.approx(0.1 / 7.1)
    assert set(found.index[found["deviation"] > 0]) == {"energy", "mfcc1_mean", "mfcc2_std"}


def test_what_is_near_zero_is_compared_by_its_scale():
    ours, theirs = described(), described()
    ours.at[0, "mfcc"][8], theirs.at[0, "mfcc"][8] = 2e-4, -2e-4
    ours["energy_low"], theirs["energy_low"] = 0.0, [0.0, 0, 0, 0, 0, 1e-9]
    found = compared(ours, theirs)
    # 0.0004 dB apart, which is no more, even if one of them is nearly 0.
    assert found.loc["mfcc3_mean", "deviation"] == pytest.approx(4e-4)
    assert found.loc["energy_low", "deviation"] == 1
    assert found.loc["energy_low", "clip"] == "f"
    ours["energy_low"], theirs["energy_low"] = 1e-9, 0.0
    assert compared(ours, theirs).loc["energy_low", "deviation"] == np.inf


def test_twenty_clips_are_drawn_from_those_with_sound():
    ids = [f"s/{number}" for number in range(50)]
    catalogue = pd.DataFrame({"id": ids, "start": 0.0})
    catalogue.loc[40:, "start"] = np.nan
    described = pd.Series(ids[10:])
    clips = check_features.drawn(catalogue, described, 42)
    assert len(set(clips["id"])) == check_features.CLIPS
    assert set(clips["id"]) <= set(ids[10:40])
    assert clips.equals(check_features.drawn(catalogue, described, 42))
    assert not clips.equals(check_features.drawn(catalogue, described, 43))
    assert len(check_features.drawn(catalogue[35:], described, 42)) == 5
    with pytest.raises(InputError, match="no clip of the run has sound"):
        check_features.drawn(catalogue[40:], described, 42)
