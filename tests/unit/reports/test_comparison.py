"""Runs compared with the paper's own figures, and the notes on their differences."""

import copy

import numpy as np
import pandas as pd
import pytest
import yaml
from project import REPOSITORY, merged

from hybridmusic import kinds
from hybridmusic.plan import checks, spaces
from hybridmusic.reports import comparison

PAPER = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text())
LAYER = yaml.safe_load((REPOSITORY / "config/as_published.yaml").read_text())
SCHEMA = yaml.safe_load((REPOSITORY / "workflow/schemas/config.schema.yaml").read_text())
PRINTED = pd.read_csv(REPOSITORY / "workflow/published/table2.csv")


def table2(**silhouettes):
    rows = [
        {"Method": label.replace("_", " "), "Silhouette": value, "ARI": 0.1, "NMI": 0.2}
        for label, value in silhouettes.items()
    ]
    return pd.DataFrame(rows).assign(Purity=0.3)


def run(name, settings, sentences=("a", "b", "c", "d") * 25, nmi_low=0.2):
    """Make a run with two of the paper's methods."""
    methods = ["Agglomerative", "Raw K-Means"]
    agreement = {"Method": methods, "NMI": [0.094, 0.38], "Chance": [0.06, 0.1]}
    internal = {
        "Method": methods,
        "Space": ["hybrid", "audio"],
        "Silhouette (own)": [0.75, 0.15],
        "Silhouette (hybrid)": [0.75, -0.1],
    }
    return comparison.Run(
        name,
        settings,
        pd.DataFrame({"Method": methods, "Silhouette": [0.75, -0.1]}),
        pd.DataFrame(agreement).assign(**{"NMI low": nmi_low, "NMI high": 0.4}),
        pd.DataFrame(internal),
        pd.DataFrame({"sentence": list(sentences)}),
    )


def test_the_printed_table_has_the_papers_methods_and_columns():
    labels = [row["label"] for row in PAPER["methods"]]
    assert set(PRINTED["Method"]) <= set(labels)
    assert len(PRINTED) == 10
    assert list(PRINTED)[2:] == ["Silhouette", "C-H Index", "D-B Index", "ARI", "NMI", "Purity"]
    best = PRINTED.loc[PRINTED["NMI"].idxmax()]
    assert best[["Method", "ARI", "NMI", "Purity"]].to_list() == [
        *("Raw K-Means", 0.1337, 0.2829, 0.2776)
    ]


def test_methods_stand_side_by_side_by_their_labels():
    found = comparison.side_by_side(
        {"x": table2(One=0.5, Two_b=0.25), "y": table2(Three=1.0, Two_b=0.75)}
    )
    assert found["Method"].to_list() == ["One", "Two b", "Three"]
    assert list(found)[1:3] == ["Silhouette (x)", "Silhouette (y)"]
    assert len(found.columns) == 1 + 4 * 2
    np.testing.assert_array_equal(found["Silhouette (x)"], [0.5, 0.25, np.nan])
    np.testing.assert_array_equal(found["Silhouette (y)"], [np.nan, 0.75, 1.0])


def test_the_layer_as_published_does_what_the_released_code_does_and_no_more():
    as_published = merged(PAPER, LAYER)
    checks.check(as_published, SCHEMA)
    assert as_published == comparison.as_released(PAPER) | {"run": "as_published"}
    networks = spaces.names_of(PAPER, "networks")
    assert networks
    for name in networks:
        row = as_published["spaces"][name]
        assert kinds.settings("networks", row["kind"], row)["shuffle"] is False
    # Everything else stays: so many settings differ and no others.
    assert comparison.as_released(as_published) == as_published
    assert set(LAYER["spaces"]) == {"audio", *networks}
    assert set(LAYER) == {"run", "seeds", "text", "spaces"}


@pytest.mark.parametrize(
    ("name", "written", "released"),
    [
        (
            "agglomerative",
            ["words by corpus", "52 MFCC moments"],
            ["words by track", "13 MFCC means"],
        ),
        ("raw_kmeans", ["52 MFCC moments", "5 seeds"], ["13 MFCC means", "one seed"]),
        (
            "cond_vae_kmeans",
            ["52 MFCC moments", "shuffled", "genres shown", "5 seeds"],
            ["13 MFCC means", "unshuffled", "genres shown", "one seed"],
        ),
        ("standard_ward", ["52 MFCC moments"], ["13 MFCC means"]),
    ],
)
def test_traits_are_those_that_concern_a_method(name, written, released):
    before = copy.deepcopy(PAPER)
    method = next(row for row in PAPER["methods"] if row["name"] == name)
    assert sorted(comparison.traits(PAPER, method)) == sorted(written)
    assert sorted(comparison.traits(comparison.as_released(PAPER), method)) == sorted(released)
    assert before == PAPER


def test_sentences_are_counted():
    table = pd.DataFrame({"sentence": ["a"] * 5 + ["b"] * 2 + ["c", "d", "e"]})
    found = comparison.text_blocks({"x": table}, {"x": "track"}).iloc[0]
    assert found.to_dict() == {
        "Run": "x",
        "Words by": "track",
        "Tracks": 10,
        "Distinct sentences": 5,
        "Three commonest": 0.8,
        "Commonest sentence": "a",
    }


def test_notes_say_row_by_row_what_differs():
    released = run("old", merged(PAPER, LAYER), ["a"] * 90 + list("bcdefghijk"))
    written = run("new", PAPER, [str(number) for number in range(100)])
    found = comparison.notes(PRINTED, [released, written])
    text = "\n".join(found)
    assert (
        "old: 100 tracks, k = 8; 11 distinct sentences, and the three commonest cover 92.0% "
        in text
    )
    assert sum("repeats a few rows" in note for note in found) == 1
    assert "old: the highest Silhouette is 0.750, that of Agglomerative, with NMI 0.094; " in text
    assert "above all Raw K-Means: 0.150, not -0.100." in text
    assert (
        "new: the NMI as printed is within the run's 90 % interval for 1 of 2 methods: Raw" in text
    )
    rows = {note.split(" (")[0].split(":")[0]: note for note in found[-10:]}
    assert set(rows) == {label.split(" (")[0] for label in PRINTED["Method"]}
    assert rows["Agglomerative"] == (
        "Agglomerative: as printed, words by track, 13 MFCC means; old, the same; "
        "new, words by corpus, 52 MFCC moments."
    )
    assert "as printed, 13 MFCC means, one seed; old, the same; new" in rows["Raw K-Means"]
    assert "(clusters audio)" in rows["Raw K-Means"]
    assert "half of the tracks in random clusters; old, all tracks" in rows["Spectral Clustering"]
    assert "genres shown" in rows["Cond VAE"]


def test_without_labels_or_methods_of_the_paper_the_notes_say_so():
    settings = PAPER | {"methods": PAPER["methods"][:1]}
    unlabelled = run("mine", settings, nmi_low=np.nan)
    unlabelled.agreement["NMI"] = np.nan
    found = comparison.notes(PRINTED, [unlabelled])
    assert "mine: no agreement with genre to compare." in found
    assert found[-1].startswith("In no run: Hybrid K-Means, DBSCAN (UMAP)")


def test_settings_of_an_older_run_and_a_run_without_the_reference_space_are_compared():
    older = {name: value for name, value in PAPER.items() if name not in ("seeds", "text")}
    method = next(row for row in PAPER["methods"] if row["name"] == "agglomerative")
    assert comparison.traits(older, method) == ["52 MFCC moments"]
    assert comparison.as_released(older)["text"] == {"thresholds": "track"}
    one = run("mine", PAPER)
    del one.internal["Silhouette (hybrid)"]
    assert not any("own space" in note for note in comparison.run_notes(PRINTED, one))


def test_the_layer_plans_and_an_absent_run_is_told_with_the_command_that_makes_it(project):
    layer = (project.folder / "config/as_published.yaml").read_text()
    (project.folder / "tiny.yaml").write_text(layer)
    assert {"fetch_dataset", "tabulate_comparison"} <= project.planned("tables")
    (project.folder / "tiny.yaml").write_text("compare: [as_published]\n")
    done = project.snakemake("tables", "--dry-run")
    assert done.returncode != 0
    assert (
        "compare names the run 'as_published', but there is no results/as_published/tables/table2"
        ".csv: make it first by `snakemake tables --cores 8 --configfile config/as_published.yaml`"
    ) in done.stdout + done.stderr
    assert "fetch_dataset" in project.planned("catalogue")
