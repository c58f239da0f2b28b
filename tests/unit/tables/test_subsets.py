"""A row for every method, and the leaders of every subset."""

import numpy as np
import pandas as pd

from hybridmusic.studies.subsets import ALL, DISTINCT, FAULTLESS, METRICS, SONGS
from hybridmusic.tables import subsets
from hybridmusic.tables.sheet import CHECKED

SUBSETS = (ALL, DISTINCT, SONGS)
KEYS = [(metric, subset) for metric in METRICS for subset in SUBSETS]
AGREEMENTS = {
    "ward": dict(zip(KEYS, [0.5, 0.4, 0.1, 0.6, 0.3, 0.2], strict=True)),
    "one": dict.fromkeys(KEYS, 0.0) | {("nmi", "one per song"): 0.2},
}
METHODS = pd.DataFrame(
    {"name": ["one", "ward"], "label": ["One", "Ward"], "task": "Easy", "effective": "none"}
)
COUNTS = {"all": 8, "distinct": 6, "one per song": 5}


def test_the_table_has_a_row_for_every_method():
    table = subsets.table(AGREEMENTS, METHODS)
    scores = [f"{metric} ({subset})" for metric in ("NMI", "ARI") for subset in SUBSETS]
    assert list(table) == ["Method", "Task", *scores]
    assert table["Method"].to_list() == ["One", "Ward"]
    assert table.loc[1, scores].to_list() == [0.5, 0.4, 0.1, 0.6, 0.3, 0.2]


def test_tracks_without_faults_are_a_subset_where_there_are_folds():
    faultless = {(metric, FAULTLESS): 0.7 for metric in METRICS}
    agreements = {name: scores | faultless for name, scores in AGREEMENTS.items()}
    table = subsets.table(agreements, METHODS)
    assert list(table)[5:7] == ["NMI (without faults)", "ARI (all)"]
    counts, leaders = subsets.verdicts(table, COUNTS | {FAULTLESS: 7})[CHECKED]
    assert "7 have no faults" in counts
    assert "(without faults, 0.700)" in leaders
    heard = pd.Series(["fingerprint"])
    assert subsets.notes(METHODS, 8, heard, [FAULTLESS])[1].startswith("Without faults:")


def test_the_verdict_names_the_leader_of_every_subset():
    table = subsets.table(AGREEMENTS, METHODS)
    counts, leaders = subsets.verdicts(table, COUNTS)[CHECKED]
    assert counts.startswith("Of 8 tracks, 6 remain without near duplicates, and 5 with one clip")
    assert leaders.endswith("Ward (all, 0.500), Ward (distinct, 0.400), One (one per song, 0.200).")
    unlabelled = subsets.table({"one": dict.fromkeys(KEYS, np.nan)}, METHODS[:1])
    assert subsets.verdicts(unlabelled, COUNTS)[CHECKED] == [counts]


def test_notes_explain_the_subsets_and_the_marks():
    heard = pd.Series(["fingerprint"] * 3)
    first, second, *_ = subsets.notes(METHODS, 8, heard, SUBSETS)
    assert "k = 8" in first
    assert "fingerprints" in second
    methods = METHODS.assign(effective="genre")
    assert subsets.notes(methods, 8, heard, SUBSETS)[-1].endswith(": One, Ward.")


def test_notes_say_which_tracks_have_no_fingerprint():
    heard, silent = pd.Series(["fingerprint"]), pd.Series(["features"])
    assert len(subsets.compared_by(heard)) == len(subsets.compared_by(silent)) == 1
    assert subsets.compared_by(silent)[0].startswith("1 of 1 tracks have no sound")
    both = subsets.compared_by(pd.concat([heard, silent, silent]))
    assert "fingerprints" in both[0]
    assert both[1].startswith("2 of 3 tracks have no sound")
