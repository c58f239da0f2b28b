"""The table of agreement with genre: intervals, and verdicts against the plain baseline."""

import re

import numpy as np
import pandas as pd
import pytest
from scoring import METHODS, agreement

from hybridmusic.tables import sheet as sheets
from hybridmusic.tables.agreement import better, table, verdicts
from hybridmusic.tables.methods import described, marked_labels
from hybridmusic.tables.sheet import DOUBT, FAILS, SEPARATES, Sheet
from hybridmusic.terms import ELSEWHERE


def test_what_beats_the_baseline_is_marked_and_named():
    found = pd.DataFrame(
        [
            *agreement("one", 0.4, 0.35, 0.45),
            *agreement("two", 0.6, 0.55, 0.65, (0.2, 0.15, 0.25)),
            *agreement("free", 0.45, 0.4, 0.5, (0.05, -0.01, 0.11)),
        ]
    )
    assert better(found, 8) == {"two"}
    assert better(found, 9) == set()
    said = verdicts(found, METHODS, 8, vaes=["two", "free"], n_genres=10)
    # Free finds its number of clusters, so it is not ranked; two saw the genres.
    assert (
        "of 1 methods that saw no genres One agrees best with genre: NMI 0.400"
        in said[SEPARATES][0]
    )
    assert said[SEPARATES][1] == "It is the strongest plain baseline."
    assert said[SEPARATES][2].endswith("Two & <b>.")
    assert said[FAILS] == [
        "None of the 1 methods on VAEs that saw no genres is shown to be better than the best "
        "plain baseline."
    ]
    assert "those of other songs: Two & <b>." in said[DOUBT][0]
    unseen = METHODS.assign(effective="none")
    said = verdicts(found, unseen, 8, vaes=["two"], n_genres=10)
    assert "strongest plain baseline is One: NMI 0.400" in said[SEPARATES][1]
    assert said[SEPARATES][-1].endswith("saw no genres: Two & <b>.")
    assert said[FAILS] == said[DOUBT] == []
    as_many = verdicts(found, unseen, 8, vaes=["two"], n_genres=8)
    assert "methods that saw no genres but their number Two" in as_many[SEPARATES][0]


@pytest.mark.parametrize(
    ("of_ami", "of_ari", "is_better"), [(0.1, -0.1, True), (-0.1, 0.1, True), (-0.1, -0.1, False)]
)
def test_better_needs_nmi_and_a_measure_that_corrects_for_chance(of_ami, of_ari, is_better):
    nmi, ami, ari = agreement("two", 0.6, 0.5, 0.7, (0.2, 0.1, 0.3))
    ami |= {"difference_low_all": of_ami}
    ari |= {"difference_low_all": of_ari}
    assert better(pd.DataFrame([nmi, ami, ari]), 8) == ({"two"} if is_better else set())


def test_what_is_within_chance_is_not_better():
    rows = [row | {"p": 0.06} for row in agreement("two", 0.6, 0.5, 0.7, (0.2, 0.1, 0.3))]
    assert better(pd.DataFrame(rows), 8) == set()


def test_an_interval_of_one_method_alone_makes_nothing_better():
    rows = [
        row | {"difference_low_all": -0.01}
        for row in agreement("two", 0.6, 0.5, 0.7, (0.2, 0.1, 0.3))
    ]
    assert better(pd.DataFrame(rows), 8) == set()


def test_what_fails_is_named():
    lower = [
        row | {"p": 0.3, "seeds": 1, "refitted": "nothing"}
        for row in agreement("two", 0.2, 0.15, 0.25, (-0.2, -0.25, -0.15))
    ]
    one = [row | {"seeds": 1} for row in agreement("one", 0.4, 0.35, 0.45)]
    said = verdicts(
        pd.DataFrame([*one, *lower]), METHODS.assign(effective="none"), 8, vaes=[], n_genres=10
    )
    assert [sentence.rpartition(": ")[2] for sentence in said[FAILS]] == ["Two & <b>."] * 2
    assert "chance (p > 0.05)" in said[FAILS][1]
    assert said[DOUBT] == [
        "One seed: differences between networks may be luck.",
        "Not fitted again, so intervals are given these clusters and too narrow: Two & <b>.",
    ]


def test_agreement_shows_intervals_in_one_column_for_readers():
    found = pd.DataFrame(agreement("one", 0.4, 0.35, 0.45))
    stability = pd.DataFrame({"method": ["one"], "k": [8], "seeds": [0.5], "songs": [0.25]})
    rows = table(found, stability, METHODS, 8)
    assert rows.loc[0, ["NMI", "NMI low", "NMI high"]].to_list() == [0.4, 0.35, 0.45]
    assert rows.loc[0, "Stability (songs)"] == 0.25
    assert rows.loc[1, "NMI":"Stability (songs)"].isna().all()
    shown = sheets.joined(rows)
    assert shown["NMI 90 %"].to_list() == ["0.350 to 0.450", "–", "–"]
    assert "| 0.350 to 0.450 |" in sheets.to_markdown(Sheet("T", shown))


ROWS = [
    ("raw_kmeans", "Raw K-Means", "none", 0.30),
    ("plain", "Plain", "none", 0.20),
    ("heard", "Heard", ELSEWHERE, 0.90),
]


def test_methods_trained_on_other_data_are_marked_and_count_as_no_discovery():
    names, labels, conditions, values = zip(*ROWS, strict=True)
    tracks = pd.DataFrame({"genre": ["a", "b"], "language": ["x", "x"]})
    methods = described(list(names), list(labels), list(names), list(conditions), tracks)
    lows = [np.nan, -1.0, 0.4]
    uncertainty = pd.DataFrame(
        [
            row | {"baseline": "raw_kmeans", "difference_low_all": low}
            for name, value, low in zip(names, values, lows, strict=True)
            for row in agreement(name, value, 0.1, 1.0)
        ]
    )
    groups = verdicts(uncertainty, methods, 8, [], 10)
    text = " ".join(sentence for sentences in groups.values() for sentence in sentences)
    assert "saw no genres and learned from these tracks alone Raw K-Means agrees best" in text
    assert "no discovery in these: the best of such, Heard‡, has NMI 0.900" in text
    assert "all methods together (*): Heard‡." in text
    assert (
        "‡ made with a model that was trained on other data, with or without labels: Heard." in text
    )
    assert not re.search(r"Heard(?!‡|\.$|\. )", text)
    shown = marked_labels(pd.DataFrame({"Method": labels}), methods)
    assert shown["Method"].to_list() == ["Raw K-Means", "Plain", "Heard‡"]
    # Without such a method, no sentence mentions other data.
    alone = verdicts(uncertainty[:6], methods[:2], 8, [], 10)
    assert "other data" not in str(alone)
    assert "saw no genres Raw K-Means agrees best" in str(alone)
