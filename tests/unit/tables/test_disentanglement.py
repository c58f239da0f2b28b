"""Means over factors next to their chance, and the deviation over seeds and splits."""

import pandas as pd
import pytest

from hybridmusic.studies.disentanglement import FIELDS
from hybridmusic.tables.disentanglement import notes, table, verdicts
from hybridmusic.tables.sheet import LEARNED


def measured(p=(0.05, 0.4)):
    gaps = [
        (None, "mig", None, 0.3, 0.02, 0.01, 0.02, p[0]),
        (None, "sap", None, 0.2, None, 0.03, 0.04, p[1]),
        *((seed, "mig", name, 0.3, None, 0.01, None, None) for seed in (0, 1) for name in "ab"),
    ]
    forests = [
        (0, "disentanglement", None, 0.5, 0.1, 0.11, None, None),
        (0, "completeness", None, 0.25, 0.1, 0.12, None, None),
        (0, "informativeness", None, 0.75, 0.06, 0.21, None, None),
        (0, "informativeness", "a", 0.9, 0.1, 0.2, None, None),
    ]
    rows = [("vae", "measured", *row) for row in gaps + forests]
    return pd.DataFrame(rows, columns=["space", "factors", *FIELDS])


def test_the_table_has_means_over_factors_next_to_their_chance():
    row = table(measured(), {"vae": 4.0}).iloc[0]
    assert row[["Network", "β", "Factors"]].to_list() == ["vae", 4.0, "measured"]
    gaps = ["MIG", "± MIG", "MIG (chance)", "p (MIG)", "SAP", "SAP (chance)", "p (SAP)"]
    assert row[gaps].to_list() == pytest.approx([0.3, 0.02, 0.01, 0.05, 0.2, 0.03, 0.4])
    forests = [
        "Disentanglement",
        "Disentanglement (chance)",
        "Completeness",
        "Completeness (chance)",
    ]
    assert row[forests].to_list() == [0.5, 0.11, 0.25, 0.12]
    assert row.to_list()[-3:] == [0.75, 0.06, 0.21]
    empty = table(measured().iloc[:0], {})
    assert list(empty) == list(row.index)


def test_notes_name_the_factors():
    assert notes(measured())[0] == "Measured factors: a, b."
    assert "Mean over 2 seeds" in notes(measured())[1]
    assert "nothing is measured" in notes(measured().iloc[:0])[0]


def test_the_verdict_names_networks_at_chance():
    assert verdicts(measured()) == verdicts(measured().iloc[:0]) == {LEARNED: []}
    assert verdicts(measured((0.1, 0.4)))[LEARNED] == [
        "Neither MIG nor SAP of measured factors exceeds chance: vae."
    ]
