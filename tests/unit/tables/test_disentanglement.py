"""Means over factors, and the deviation over seeds."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.tables.disentanglement import notes, table


def measured():
    values = {"disentanglement": 0.5, "completeness": 0.25, "informativeness": 0.75, "chance": 0.2}
    rows = [("vae", "measured", 0, metric, None, value) for metric, value in values.items()]
    rows += [
        ("vae", "measured", seed, "mig", factor, 0.1 * seed + shift)
        for seed in (0, 1)
        for factor, shift in (("tempo", 0.0), ("genre", 0.2))
    ]
    return pd.DataFrame(rows, columns=["space", "factors", "seed", "metric", "factor", "value"])


def test_the_table_has_means_over_factors_and_the_spread_over_seeds():
    row = table(measured(), {"vae": 4.0}).iloc[0]
    assert row[["Network", "β", "Factors"]].to_list() == ["vae", 4.0, "measured"]
    assert row[["MIG", "± MIG"]].to_list() == pytest.approx([0.15, 0.1 / np.sqrt(2)])
    assert row.to_list()[5:] == [0.5, 0.25, 0.75, 0.2]
    assert notes(measured())[0] == "Measured factors: tempo, genre."
    empty = table(measured().iloc[:0], {})
    assert list(empty) == list(row.index)
    assert "nothing is measured" in notes(measured().iloc[:0])[0]
