"""The table of internal scores: places to measure in, flags and verdicts."""

import pandas as pd
import pytest
from scoring import METHODS, agreement, scores

from hybridmusic.tables.internal import charted, notes, table, verdicts, with_sizes
from hybridmusic.tables.sheet import BLOCKS, DOUBT, Sheet, to_latex, to_markdown

MEASURES = pd.DataFrame(
    [("audio", 0, "distinct_share", 0.01), ("audio", 0, "effective_dimension", 1.2)],
    columns=["space", "seed", "metric", "value"],
)


def rows():
    extra = [("one", "audio", "kmeans", 8, 0, "largest_share", None, 0.95)]
    extra += [("free", "audio", "dbscan", None, 0, "largest_share", None, 0.0)]
    extra = pd.DataFrame(extra, columns=scores().columns)
    return pd.concat([scores(), extra], ignore_index=True)


def test_degenerate_spaces_and_clusterings_are_flagged():
    found = table(rows(), MEASURES, METHODS, 8, "hybrid").set_index("Method")
    assert found.loc["One", "Silhouette (own)"] == 99
    assert found.loc["One", "Silhouette (hybrid)"] == 8.5
    assert found.loc["One", "Flags"] == "few distinct rows, nearly one dimension, one cluster"
    assert found.loc["Free", "Flags"].endswith("mostly noise")


@pytest.mark.parametrize("reference", ["hybrid", None])
def test_columns_follow_from_the_reference(reference):
    found = table(rows(), MEASURES, METHODS, 8, reference)
    places = ["own", "hybrid"] if reference else ["own"]
    names = [
        f"{name} ({place})" for name in ("Silhouette", "C-H Index", "D-B Index") for place in places
    ]
    measures = ["Distinct rows", "Effective dim.", "Largest cluster", "Noise", "Flags"]
    assert list(found) == ["Method", "Space", *names, *measures]
    assert list(table(rows(), MEASURES, METHODS.iloc[:0], 8, reference)) == list(found)
    assert found["Silhouette (own)"].to_list()[:2] == [99, 99]
    assert ("paper" in notes(reference)[0]) == (reference is not None)


def test_the_highest_silhouette_is_compared_with_agreement():
    found = table(rows(), MEASURES, METHODS, 8, None)
    found.loc[1, "Silhouette (own)"] = 100
    uncertainty = pd.DataFrame(agreement("two", 0.2, 0.1, 0.3))
    highest, degenerate = verdicts(found, uncertainty, METHODS, 8)[DOUBT]
    assert "is 100.000, that of Two & <b>: its NMI with genre is 0.200, chance 0.100." in highest
    assert "One (few distinct rows, nearly one dimension, one cluster)" in degenerate
    assert "that of Two & <b>. " in verdicts(found, uncertainty[:0], METHODS, 8)[DOUBT][0]


def test_sizes_are_numbers_and_a_chart_without_noise():
    clusters = {
        "one": [0] * 5 + [2] * 16 + [1] + [-1] * 30,
        "two": [*range(30), 0],
        "free": [-1] * 4,
    }
    clusterings = {}
    for name, first in clusters.items():
        # The second seed and another k are not drawn.
        members = {(8, 3): first, (8, 4): [0] * len(first), (5, 3): [0] * len(first)}
        clusterings[name] = pd.concat(
            pd.DataFrame({"id": range(len(each)), "k": k, "seed": seed, "cluster": each})
            for (k, seed), each in members.items()
        ).astype({"k": "Int64"})
    clusterings["free"] = clusterings["free"].query("k == 8").assign(k=pd.NA)
    found = with_sizes(table(rows(), MEASURES, METHODS, 8, None), clusterings, METHODS, 8)
    assert list(found)[-2:] == ["Sizes", "Flags"]
    assert found["Sizes"].to_list() == ["16 5 1", " ".join(["2"] + ["1"] * 29), "–"]
    # There is no clustering for so many clusters as there are genres where there are none.
    none = with_sizes(found.drop(columns="Sizes"), clusterings, METHODS, 0)
    assert none["Sizes"].to_list() == ["–"] * 3
    shown = charted(found)
    assert shown["Sizes"].to_list() == ["█▃▁", "█" + "▄" * 23 + " +6", "–"]
    sheet = Sheet("T", shown[["Method", "Sizes"]])
    assert "█▃▁" in to_markdown(sheet)
    latex = to_latex(sheet, "l")
    assert r"\rule{0.4em}{1.6ex}\rule{0.4em}{0.6ex}\rule{0.4em}{0.2ex} \\" in latex
    assert not set(BLOCKS) & set(latex)
