"""The table has a row for each feature, and says whether all are librosa's."""

import pandas as pd

from hybridmusic.studies.check_features import MFCC
from hybridmusic.tables import check_features
from hybridmusic.tables.sheet import CHECKED, DOUBT

NAMES = [*MFCC, "tempo", "energy", "energy_low", "energy_high"]


def deviations(**planted) -> pd.DataFrame:
    """Make up deviations of 1e-6, but for those planted: pairs of deviation and clips beyond."""
    pairs = [planted.get(name, (1e-6, 0)) for name in NAMES]
    columns = {"feature": NAMES, "clip": "s/1", "ours": 1.0, "theirs": 1.0}
    return pd.DataFrame(columns).assign(
        deviation=[pair[0] for pair in pairs], beyond=[pair[1] for pair in pairs]
    )


def test_coefficients_are_in_the_row_of_their_statistic():
    table = check_features.table(deviations(mfcc7_std=(0.5, 2), energy_low=(0.1, 1)))
    rows = table.set_index("Feature")["Largest relative deviation"]
    assert list(rows.index) == [
        *("MFCC mean (worst: coefficient 1)", "MFCC std (worst: coefficient 7)"),
        *("MFCC min (worst: coefficient 1)", "MFCC max (worst: coefficient 1)"),
        *("Tempo", "Energy", "Energy, 33rd percentile", "Energy, 67th percentile"),
    ]
    assert rows.to_list() == [1e-6, 0.5, 1e-6, 1e-6, 1e-6, 1e-6, 0.1, 1e-6]
    assert table["Clips beyond 0.001"].to_list() == [0, 2, 0, 0, 0, 0, 1, 0]


def test_the_verdict_names_what_deviates():
    [sentence] = check_features.verdicts(deviations(tempo=(9e-4, 0)), 20)[CHECKED]
    assert "All features of 20 random clips" in sentence
    assert "is 9.0e-04 (tempo of s/1)" in sentence
    [sentence] = check_features.verdicts(deviations(tempo=(0.5, 1), energy=(2.0, 3)), 20)[DOUBT]
    assert sentence == (
        "More than a thousandth from librosa's: energy (by up to 2.0e+00, 3 of 20 clips), tempo "
        "(by up to 5.0e-01, 1 of 20 clips)."
    )
