"""The table of reduction: changes in words, verdicts and notes."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.tables import reduction as reduction_table
from hybridmusic.tables import sheet


def change(metric, low, high):
    row = {"reduction": "umap", "clusterers": "kmeans, ward", "metric": metric}
    row |= {"change": (low + high) / 2, "low": low, "high": high}
    return row | {"rises": 3, "falls": 1, "compared": 8}


@pytest.mark.parametrize(
    ("nmi", "ari", "silhouette", "said"),
    [
        ((0.1, 0.2), (0.1, 0.2), (0.1, 0.2), "raises the Silhouette and agreement with genre"),
        (
            (0.1, 0.2),
            (-0.1, 0.2),
            (0.1, 0.2),
            "raises the Silhouette and does not clearly change agreement with genre",
        ),
        (
            (-0.2, -0.1),
            (-0.2, -0.1),
            (0.1, 0.2),
            "raises the Silhouette and lowers agreement with genre",
        ),
        ((0.1, 0.2), (0.1, 0.2), None, "average raises agreement with genre"),
    ],
)
def test_the_verdict_follows_from_the_intervals(nmi, ari, silhouette, said):
    of = {"nmi": nmi, "ari": ari, "silhouette": silhouette}
    rows = [change(metric, *limits) for metric, limits in of.items() if limits]
    sentence = reduction_table.verdict(pd.DataFrame(rows))
    assert said in sentence
    assert sentence.startswith("UMAP before kmeans, ward on average ")
    middle = sum(nmi) / 2
    assert f"NMI {middle:+.3f} ({nmi[0]:+.3f} to {nmi[1]:+.3f}; 3 of 8 rise, 1 fall)" in sentence


def scores(**changes):
    """Return a table of the kind `reduction`; changes of NMI, ARI and Silhouette by UMAP."""
    rows = []
    for space, of_space in changes.items():
        for name in ("none", "pca", "umap"):
            changed = {"none": [np.nan] * 3, "pca": [0.0, 0.0, np.nan], "umap": of_space}[name]
            values = dict(zip(("nmi", "ari", "silhouette"), changed, strict=True))
            for metric, change in (values | {"n_clusters": 0.0}).items():
                row = {"space": space, "clusterer": "kmeans", "reduction": name, "metric": metric}
                row |= {"value": 0.3, "low": 0.2, "high": 0.4, "change": change}
                rows.append(row | {"change_low": change - 0.05, "change_high": change + 0.05})
    return pd.DataFrame(rows)


def test_the_table_says_what_changed_beyond_its_interval():
    labels = {"worse": "worse", "better": "better", "shown": "shown†"}
    better, worse = [0.2, 0.2, 0.4], [-0.2, -0.2, 0.4]
    full = reduction_table.table(scores(better=better, worse=worse, shown=better), labels)
    assert full["Space"].to_list() == ["worse"] * 3 + ["better"] * 3 + ["shown†"] * 3
    row = full.set_index(["Space", "Reduction"]).loc[("worse", "UMAP")]
    assert row[["NMI", "NMI low", "NMI high"]].to_list() == [0.3, 0.2, 0.4]
    assert row["ARI change":"ARI change high"].to_list() == pytest.approx([-0.2, -0.25, -0.15])
    shown = reduction_table.shown(full).set_index(["Space", "Reduction"])["Change"]
    assert shown["better", "as it is"] == "–"
    assert shown["better", "PCA"] == "within intervals"
    assert shown["better", "UMAP"] == "NMI up, ARI up, Silhouette up"
    assert shown["worse", "UMAP"] == "Silhouette up, NMI down, ARI down"
    notes = reduction_table.notes(labels, ["kmeans"], 3)
    assert any(note.endswith("left out of the means: shown†.") for note in notes)
    assert not any("DBSCAN" in note for note in notes)
    assert "| –" in sheet.to_markdown(sheet.Sheet("T", reduction_table.shown(full)))


def test_without_genres_the_table_is_empty():
    scores = pd.DataFrame(columns=["space", "clusterer", "reduction", "metric", "value"])
    full = reduction_table.table(scores, {"audio": "audio"})
    assert full.empty
    assert list(reduction_table.shown(full))[-2:] == ["Silhouette 90 %", "Change"]
