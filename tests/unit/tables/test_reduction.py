"""The table of reduction: changes in words, verdicts and notes."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.tables import reduction as reduction_table
from hybridmusic.tables import sheet

SPACES = ["audio", "hybrid", "autoencoder", "basic_vae", "conv_vae"]


def verdict(**changes):
    """Return the verdict on changes by space, whose intervals reach 0.01 to both sides."""
    table = {"space": SPACES, "reduction": "umap", "clusterers": "kmeans, ward"} | changes
    rows = pd.DataFrame(table).melt(["space", "reduction", "clusterers"], changes, "metric")
    ends = {"change_low": rows["value"] - 0.01, "change_high": rows["value"] + 0.01}
    return reduction_table.verdict(rows.rename(columns={"value": "change"}).assign(**ends))


RISING = [0.05, 0.03, 0.02, 0.04, 0.005]


def test_a_reduction_that_raises_scores_in_most_spaces_is_found():
    said = verdict(nmi=RISING, ari=RISING, silhouette=RISING)
    assert said == (
        "UMAP before kmeans, ward raises the Silhouette and raises agreement with genre; median "
        "over spaces: NMI +0.030 (4 of 5 rise, 0 fall), ARI +0.030 (4 of 5 rise, 0 fall), "
        "Silhouette +0.030 (4 of 5 rise, 0 fall)."
    )
    falling = [-change for change in RISING]
    assert "raises the Silhouette and lowers agreement with genre;" in verdict(
        nmi=falling, ari=falling, silhouette=RISING
    )
    without = verdict(nmi=RISING, ari=RISING)
    assert "kmeans, ward raises agreement with genre; median" in without
    assert "Silhouette" not in without


def test_one_space_does_not_decide():
    # Its mean is +0.06, because of one space.
    outlier = [-0.003, 0.3, 0.002, -0.004, -0.001]
    said = verdict(nmi=outlier, ari=outlier)
    assert "does not clearly change agreement with genre (up in hybrid);" in said
    assert "NMI -0.001 (1 of 5 rise, 0 fall)" in said


def test_opposite_changes_are_named_by_space():
    opposite = [0.05, -0.09, 0.04, 0.03, 0.005]
    said = verdict(nmi=opposite, ari=opposite)
    assert (
        "changes agreement with genre depending on the space (up in audio, autoencoder, "
        "basic_vae; down in hybrid);"
    ) in said
    # One measure that moves the other way is enough.
    said = verdict(nmi=opposite, ari=RISING)
    assert (
        "changes agreement with genre depending on the space (up in audio, autoencoder, "
        "basic_vae, in hybrid by ARI alone; down in hybrid by NMI alone);"
    ) in said


def test_agreement_needs_both_measures():
    said = verdict(nmi=RISING, ari=[0.0] * 5)
    assert "does not clearly change agreement with genre (up in audio, hybrid" in said
    assert "basic_vae by NMI alone);" in said


def test_rounding_is_no_change():
    rows = [
        {"space": space, "reduction": "pca", "clusterers": "ward", "metric": metric}
        | {"change": 3e-16, "change_low": 2e-16, "change_high": 4e-16}
        for space in SPACES
        for metric in ("nmi", "ari")
    ]
    said = reduction_table.verdict(pd.DataFrame(rows))
    assert "does not clearly change agreement with genre; median" in said


def test_spaces_that_do_not_change_get_no_verdict():
    """At most one verdict in ten, however much spaces depend on each other."""
    random = np.random.default_rng(0)
    said = []
    for shared in (0.0, 0.5, 0.9, 1.0):
        for _ in range(50):
            errors = np.sqrt(shared) * random.normal() + np.sqrt(1 - shared) * random.normal(size=5)
            # 90 % intervals reach 1.645 standard errors to both sides. NMI and ARI that always
            # move together are the worst case.
            changes = 0.01 * errors / 1.645
            said.append(verdict(nmi=changes, ari=changes))
    decided = np.mean([("raises" in one) or ("lowers" in one) for one in said])
    # At most 20 of 200 are expected, with a standard deviation of 4.2: three are the margin.
    assert decided <= 0.1 + 3 * 4.2 / 200


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
    assert any(note.endswith("left out of the medians and counts: shown†.") for note in notes)
    assert any("given these clusters" in note for note in notes)
    assert any("not independent" in note for note in notes)
    assert not any("DBSCAN" in note for note in notes)
    assert "| –" in sheet.to_markdown(sheet.Sheet("T", reduction_table.shown(full)))


def test_without_genres_the_table_is_empty():
    scores = pd.DataFrame(columns=["space", "clusterer", "reduction", "metric", "value"])
    full = reduction_table.table(scores, {"audio": "audio"})
    assert full.empty
    assert list(reduction_table.shown(full))[-2:] == ["Silhouette 90 %", "Change"]
