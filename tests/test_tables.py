"""Tables say what the scores say, and nothing in them becomes markup."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic import conditions, tables

METHODS = pd.DataFrame(
    {
        "name": ["one", "two", "free"],
        "label": ["One", "Two & <b>", "Free"],
        "task": ["Easy", "Hard_1", "Medium"],
        "condition": ["none", "genre", "none"],
        "effective": ["none", "genre", "none"],
    }
)


def scores():
    rows = []
    for method, k, seeds in (("one", 8, (0, 1)), ("two", 8, (0,)), ("one", 3, (0,))):
        for seed in seeds:
            for _, metric, kind in tables.COLUMNS:
                where = "hybrid" if kind == "space" else "genre"
                rows.append((method, "audio", "kmeans", k, seed, metric, where, k + seed))
            rows.append((method, "audio", "kmeans", k, seed, "silhouette", "audio", 99.0))
    for _, metric, kind in tables.COLUMNS:
        value = np.nan if kind == "space" else 0.0
        where = "hybrid" if kind == "space" else "genre"
        rows.append(("free", "audio", "dbscan", None, 0, metric, where, value))
    rows.append(("free", "audio", "dbscan", None, 0, "n_clusters", None, 0.0))
    rows.append(("free", "audio", "dbscan", None, 0, "noise_share", None, 1.0))
    names = ["method", "space", "clusterer", "k", "seed", "metric", "measured_in", "value"]
    return pd.DataFrame(rows, columns=names).astype({"k": "Int64"})


def test_table2_has_the_papers_columns_and_means_over_seeds():
    table = tables.table2(scores(), METHODS, k=8, space="hybrid")
    columns = ["Method", "Task", "Silhouette", "C-H Index", "D-B Index", "ARI", "NMI", "Purity"]
    assert list(table) == columns
    assert table["Silhouette"].to_list()[:2] == [8.5, 8.0]
    assert np.isnan(table["Silhouette"][2])
    assert table["NMI"].to_list() == [8.5, 8.0, 0.0]
    assert tables.table2(scores(), METHODS, k=3, space="hybrid")["ARI"][0] == 3


def test_an_undefined_seed_makes_the_mean_undefined():
    table = scores()
    hit = (table["method"] == "one") & (table["seed"] == 1) & (table["measured_in"] == "hybrid")
    table.loc[hit, "value"] = np.nan
    assert np.isnan(tables.table2(table, METHODS, k=8, space="hybrid")["Silhouette"][0])


def test_notes_name_what_a_reader_must_know():
    found = " ".join(tables.notes(scores(), METHODS, k=8, space="hybrid"))
    assert "measured in the hybrid space" in found
    assert "saw the genre labels that it is scored on: Two & <b>" in found
    assert "Free finds 0 clusters and calls 100.0% of the tracks noise" in found
    assert "– Free has no internal score" in found
    without = scores().query("measured_in != 'genre'")
    said = " ".join(tables.notes(without, METHODS, k=8, space="hybrid"))
    assert "no genres to agree with" in said


@pytest.mark.parametrize(
    ("genres", "languages", "wanted", "given"),
    [
        (["a", None], ["x", "y"], "genre", "genre"),
        ([None, None], ["x", "y"], "genre", "language"),
        ([None, None], ["x", "x"], "genre", "none"),
        (["a", "b"], ["x", "x"], "language", "none"),
        (["a", "b"], ["x", "y"], "none", "none"),
    ],
)
def test_conditions_give_way_to_what_there_is(genres, languages, wanted, given):
    tracks = pd.DataFrame({"genre": genres, "language": languages})
    assert conditions.effective(wanted, tracks) == given
    assert conditions.marked("A", wanted, tracks) == ("A†" if given == "genre" else "A")


def test_methods_without_a_condition_to_go_by_are_left_out_with_a_word():
    methods = METHODS.assign(effective=["none", "none", "none"])
    assert tables.left_out(methods).to_list() == ["two"]
    said = " ".join(tables.notes(scores(), methods, k=8, space="hybrid"))
    assert "Two & <b> is left out, for there is nothing to condition on." in said
    assert "†" not in said
    methods = METHODS.assign(effective=["none", "language", "none"])
    said = " ".join(tables.notes(scores(), methods, k=8, space="hybrid"))
    assert "Two & <b> is conditioned on language, for there are no genres." in said


def test_markdown_latex_and_page_carry_the_same_cells_and_no_markup():
    table = tables.table2(scores(), METHODS, k=8, space="hybrid")
    table = tables.marked_labels(table, METHODS)
    markdown = tables.to_markdown(table, ["A note"])
    assert markdown.splitlines()[0].count("|") == 9
    assert "| Two & <b>† | Hard_1 | 8.0000 |" in markdown
    assert "| Free | Medium | – | – | – | 0.0000 |" in markdown
    latex = tables.to_latex(table, ["50 % of_it"], "A & B", "tab:x")
    assert r"Two \& <b>\textdagger{} & Hard\_1 & 8.0000" in latex
    assert r"50 \% of\_it" in latex
    page = tables.to_page(table, ["<script>alert(1)</script>"], "T")
    assert "Two &amp; &lt;b&gt;†" in page
    assert "<script>" not in page


def test_reconstruction_means_over_seeds():
    held_out = pd.DataFrame(
        {
            "seed": [0, 1, 0, 1],
            "part": ["training", "training", "held_out", "held_out"],
            "reconstruction": [0.1, 0.3, 0.5, 0.7],
            "mean_prediction": [1.0, 1.0, 1.1, 1.3],
            "kl": [1.0, 1.0, 2.0, 4.0],
            "active_units": [4, 6, 3, 3],
        }
    )
    table = tables.reconstruction({"vae": held_out}, {"vae": "audio"})
    row = table.iloc[0]
    assert (row["Network"], row["Input"]) == ("vae", "audio")
    assert row.to_list()[2:] == pytest.approx([0.2, 0.6, 1.2, 3.0, 5.0])
