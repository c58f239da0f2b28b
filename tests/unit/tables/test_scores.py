"""Table 2: columns, means over seeds and notes, measured in the reference or in own spaces."""

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scoring import METHODS, agreement, scores

from adapters.tables import tabulate_scores
from hybridmusic.tables.scores import notes, table
from hybridmusic.tables.sheet import ABSENT
from hybridmusic.terms import WITHOUT_NOISE


def test_the_table_has_the_papers_columns_and_means_over_seeds():
    found = table(scores(), METHODS, k=8, reference="hybrid")
    columns = ["Method", "Task", "Silhouette", "C-H Index", "D-B Index", "ARI", "NMI", "Purity"]
    assert list(found) == columns
    assert found["Silhouette"].to_list()[:2] == [8.5, 8.0]
    assert np.isnan(found["Silhouette"][2])
    assert found["NMI"].to_list() == [8.5, 8.0, 0.0]
    assert table(scores(), METHODS, k=3, reference="hybrid")["ARI"][0] == 3
    deviations = table(scores(), METHODS, k=8, reference="hybrid", statistic="std")
    assert deviations["NMI"].to_list()[0] == pytest.approx(np.sqrt(0.5))


def test_without_a_reference_internal_scores_are_those_of_own_spaces():
    found = table(scores(), METHODS, k=8, reference=None)
    assert found["Silhouette"].to_list()[:2] == [99, 99]
    # Neither of the others was measured there.
    assert found[["C-H Index", "D-B Index"]].isna().all(axis=None)
    assert found["NMI"].to_list() == [8.5, 8.0, 0.0]
    first, *others = notes(scores(), METHODS, k=8, reference=None)
    assert "in the space that was clustered, so those of different spaces do not compare" in first
    assert others[-1].startswith("– Free has no internal score")


def test_an_undefined_seed_makes_the_mean_undefined():
    rows = scores()
    hit = (rows["method"] == "one") & (rows["seed"] == 1) & (rows["measured_in"] == "hybrid")
    rows.loc[hit, "value"] = np.nan
    assert np.isnan(table(rows, METHODS, k=8, reference="hybrid")["Silhouette"][0])


def test_notes_name_what_a_reader_must_know():
    found = " ".join(notes(scores(), METHODS, k=8, reference="hybrid"))
    assert "measured in the hybrid space" in found
    assert "itself: 0, and 100.0% of the tracks as noise, one cluster more." in found
    assert found.count("– Free has no internal score") == 1
    without = scores().query("measured_in != 'genre'")
    assert "no genres to agree with" in " ".join(notes(without, METHODS, k=8, reference="hybrid"))


def test_scores_without_noise_stand_in_a_note():
    rows = scores()
    left = rows[rows["method"] == "free"].assign(value=0.25)
    left["metric"] += WITHOUT_NOISE
    rows.loc[rows["metric"] == "noise_share", "value"] = 0.4
    (said,) = (
        note
        for note in notes(pd.concat([rows, left]), METHODS, k=8, reference="hybrid")
        if note.startswith("Without")
    )
    assert said == (
        "Without its noise Free has Silhouette 0.250, C-H Index 0.250, D-B Index 0.250, "
        "ARI 0.250, NMI 0.250, Purity 0.250."
    )


def test_notes_name_methods_that_lack_their_condition():
    methods = METHODS.assign(effective=["none", "none", "none"])
    said = " ".join(notes(scores(), methods, k=8, reference="hybrid"))
    assert "Two & <b> is left out, because there is nothing to condition on." in said
    assert "†" not in said
    methods = METHODS.assign(effective=["none", "language", "none"])
    said = " ".join(notes(scores(), methods, k=8, reference="hybrid"))
    assert "Two & <b> is conditioned on language, because there are no genres." in said


def tabulated(folder, kind, genres, **params):
    """Tabulate scores as the rule does; return the table, its text and its verdicts."""
    ids = [f"t{number}" for number in range(len(genres))]
    uncertainty = [
        *agreement("one", 0.4, 0.35, 0.45),
        *agreement("two", 0.6, 0.5, 0.7, (0.2, 0.1, 0.3)),
    ]
    read = {
        "catalogue": pd.DataFrame(
            {"id": ids, "song": ids, "unit": ids, "language": "x", "genre": genres}
        ),
        "scores": scores(),
        "uncertainty": pd.DataFrame(uncertainty),
        "stability": pd.DataFrame({"method": ["one"], "k": [8], "seeds": [0.5], "songs": [0.25]}),
        "spaces": pd.DataFrame(columns=["space", "seed", "metric", "value"]),
    }
    if not any(genres):
        read["uncertainty"] = read["uncertainty"].iloc[:0]
    needs = {
        "scores": ["scores", "uncertainty"],
        "agreement": ["uncertainty", "stability"],
        "internal": ["scores", "uncertainty", "spaces"],
    }
    inputs = Inputs()
    for name in ["catalogue", *needs[kind]]:
        inputs[name] = folder / f"{name}.parquet"
        read[name].to_parquet(inputs[name])
    if kind == "internal":
        clustering = pd.DataFrame({"id": ids, "k": 8, "seed": 0, "cluster": [0, 1, 1, -1]})
        clustering.to_parquet(folder / "clustering.parquet")
        inputs["clusterings"] = [folder / "clustering.parquet"] * len(METHODS)
    n = len(METHODS)
    given = {"methods": METHODS["name"].to_list(), "labels": METHODS["label"].to_list()}
    given |= {"tasks": METHODS["task"].to_list(), "conditions": METHODS["condition"].to_list()}
    given |= {"levels": ["clip"] * n, "clusterers": ["kmeans"] * n, "vaes": [], "kind": kind}
    given |= {"title": "T", "k": 8, "reference": "hybrid", "exact_up_to": 3}
    output = {name: folder / f"table.{name}" for name in ("csv", "md", "tex", "html")}
    output["words"] = folder / "table.json"
    tabulate_scores.main(
        SimpleNamespace(params=SimpleNamespace(**given | params), input=inputs, output=output)
    )
    words = json.loads(output["words"].read_text())
    return pd.read_csv(output["csv"]), output["md"].read_text(), words


class Inputs(dict):
    """Named inputs as Snakemake gives them."""

    __getattr__ = dict.__getitem__


@pytest.mark.parametrize("reference", ["hybrid", None])
@pytest.mark.parametrize("kind", ["scores", "agreement", "internal"])
def test_every_kind_of_table_reads_only_what_it_needs(tmp_path, kind, reference):
    found, text, words = tabulated(tmp_path, kind, ["a", "b", "a", "b"], reference=reference)
    assert found["Method"].to_list() == ["One", "Two & <b>", "Free"]
    assert "| Two & <b>† * |" in text
    assert "There are 4 tracks, more than exact_up_to, 3." in text
    assert words
    # Readers see a chart of sizes, the CSV file has their numbers.
    assert ("█▄" in text) == (kind == "internal")
    assert found.get("Sizes", pd.Series(["2 1"])).eq("2 1").all()
    assert ("Silhouette (hybrid)" in found) == (kind == "internal" and reference == "hybrid")


@pytest.mark.parametrize("kind", ["scores", "agreement", "internal"])
def test_without_genres_methods_that_need_them_are_left_out(tmp_path, kind):
    found, _, _ = tabulated(tmp_path, kind, [None] * 4)
    assert found["Method"].to_list() == ["One", "Free"]


@pytest.mark.parametrize("genres", [[None] * 4, ["a"] * 4])
@pytest.mark.parametrize("kind", ["scores", "agreement", "internal"])
def test_as_many_clusters_as_fewer_than_two_genres_are_no_table(tmp_path, kind, genres):
    found, text, words = tabulated(tmp_path, kind, genres, k="genres")
    assert found.empty
    assert "Method" in found
    assert words == {ABSENT: [tabulate_scores.NO_GENRES]}
    assert text.endswith(f"- {tabulate_scores.NO_GENRES}\n")
