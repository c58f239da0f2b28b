"""The table of chosen numbers of clusters: agreement, and verdicts."""

import pandas as pd
import pytest
from scoring import CHOICES

from hybridmusic.tables import choosing_k

METHODS = pd.DataFrame(
    {
        "name": ["a", "b", "c"],
        "label": ["A", "B", "C"],
        "space": ["one", "two", "one"],
        "effective": ["none", "none", "genre"],
    }
)


def uncertainty():
    rows = [
        (method, k, metric, value + 0.01 * k, value - 0.1, value + 0.1)
        for method, value in (("a", 0.2), ("b", 0.3), ("c", 0.9))
        for k in (4, 6)
        for metric in ("ari", "nmi")
    ]
    return pd.DataFrame(rows, columns=["method", "k", "metric", "value", "low", "high"])


def test_the_table_has_agreement_at_the_chosen_k_and_at_that_of_genres():
    table = choosing_k.table(CHOICES, METHODS, uncertainty(), 6).set_index("Method")
    assert table["k"].to_list() == [4, pd.NA, 4]
    assert table.loc["A", ["Stability", "One cloud"]].to_list() == [0.9, 0.4]
    assert table["ARI"].to_list()[::2] == pytest.approx([0.24, 0.94])
    assert table.loc[["B"], ["Stability", "ARI", "ARI low"]].isna().all(axis=None)
    assert table["ARI (k = 6)"].to_list() == pytest.approx([0.26, 0.36, 0.96])
    said = choosing_k.verdicts(CHOICES, METHODS, table.reset_index())
    assert said[0].endswith("across other songs: k = 4 in one.")
    assert said[1].endswith("no k is chosen, in two.")
    assert "A with a chosen k = 4: ARI 0.240 (0.100 to 0.300)" in said[2]
    assert "and B with k = 6: ARI 0.360 (0.200 to 0.400)." in said[2]
    none = choosing_k.table(CHOICES, METHODS, uncertainty().iloc[:0], 0)
    assert none["ARI"].isna().all()
    assert len(choosing_k.verdicts(CHOICES, METHODS, none)) == 2
