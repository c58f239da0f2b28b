"""A row for each label and source, and verdicts on the best source and on language."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.studies.probes import GIVEN, PROBES, SCALED, SHUFFLED
from hybridmusic.tables import probes
from hybridmusic.tables.sheet import ABSENT, DOUBT, LANGUAGE

SHUFFLES = dict(zip(PROBES, (19, 199, 19), strict=True))


def source(kind, name, label, accuracies, p, null=SHUFFLED, chance=0.5):
    """Return the rows of a source, one for each probe."""
    return [
        {
            **{"kind": kind, "name": name, "label": label, "classes": 2, "tracks": 9},
            **{"probe": probe, "accuracy": accuracy, "deviation": 0.02, "chance": chance},
            **{"chance_high": 0.58, "p": one, "shuffles": SHUFFLES[probe], "null_kind": null},
            **{"by_song": None, "published": None},
        }
        for probe, accuracy, one in zip(PROBES, accuracies, p, strict=True)
    ]


FOUND, NOT_FOUND = (0.05, 0.005, 0.05), (0.4, 0.1, 0.9)
PROBED = pd.DataFrame(
    [
        *source("space", "audio", "genre", (0.6, 0.5, 0.7), FOUND, chance=0.25),
        *source("space", "audio", "language", (0.7, 0.8, 0.75), FOUND),
        *source("space", "cond", "genre", (0.5, 0.4, 0.3), FOUND, GIVEN, 0.25),
        *source("recording", "all", "genre", (0.3, 0.2, 0.2), NOT_FOUND, chance=0.25),
        *source("recording", "bytes", "genre", (0.9, 0.9, 0.9), NOT_FOUND, chance=0.25),
    ]
)


def test_the_table_has_a_row_for_each_label_and_source():
    table, deviations = probes.table(PROBED, {"audio": "audio", "cond": "cond†"})
    assert table["Label"].to_list() == ["genre"] * 4 + ["language"]
    assert table["Read from"].to_list() == [
        *("audio", "cond†", "recording: all", "recording: bytes", "audio")
    ]
    columns = ["Logistic", "Logistic (chance)", "p (Logistic)", "k-NN", "p (k-NN)", "SVM"]
    assert table.loc[4, columns].to_list() == [0.7, 0.5, 0.05, 0.8, 0.005, 0.75]
    assert table["Null"].to_list()[:2] == [SHUFFLED, GIVEN]
    assert list(deviations) == list(table)
    assert deviations.loc[0, ["Logistic", "SVM"]].to_list() == [0.02, 0.02]
    assert deviations[["p (SVM)", "SVM (chance)"]].isna().all(axis=None)
    assert probes.table(PROBED[:0], {})[0].empty


def test_the_verdict_compares_recordings_with_the_best_space():
    verdicts = probes.verdicts(PROBED)
    genre, language = verdicts[DOUBT]
    assert genre == (
        "Highest balanced accuracy of genre: 0.30 from the recording alone by logistic regression "
        "(chance 0.25, p 0.400), 0.70 from the space audio by the SVM (chance 0.25, p 0.050)."
    )
    assert "0.80 from the space audio by k-NN" in language
    assert verdicts[ABSENT] == probes.verdicts(PROBED[:0])[DOUBT] == []
    assert "No two kinds of genre" in probes.verdicts(PROBED[:0])[ABSENT][0]


def test_other_folds_stand_next_to_those_by_artist():
    is_genre = PROBED["label"].eq("genre") & PROBED["probe"].eq("logistic")
    probed = PROBED.assign(by_song=np.where(is_genre, 0.72, np.nan))
    table, _ = probes.table(probed, {"audio": "audio", "cond": "cond"})
    assert list(table)[5:7] == ["Logistic (song folds)", "k-NN"]
    assert table["Logistic (song folds)"].notna().to_list() == [True] * 4 + [False]
    said = probes.verdicts(probed.assign(published=probed["by_song"] - 0.2))[DOUBT]
    assert said[1] == (
        "Logistic regression predicts genre from the space audio with 0.60; 0.72 with folds by "
        "song, where an artist may be in training and in test, 0.52 on the test fold of the "
        "published split, without faulty files."
    )
    notes = " ".join(probes.notes(probed, []))
    assert "Song folds:" in notes
    assert "Published split:" not in notes


@pytest.mark.parametrize("probe", range(3))
def test_language_is_out_only_if_no_probe_finds_it(probe):
    p = [0.06] * 3
    rows = source("space", "text", "language", (0.5, 0.55, 0.5), p)
    rows += source("space", "scaled", "language", (0.5, 0.55, 0.5), p, SCALED)
    said = probes.verdicts(pd.DataFrame(rows))[LANGUAGE]
    assert said == [
        "Language is out of these spaces, as far as three probes can see: text, scaled. "
        "Accuracies up to 0.58 are within chance."
    ]
    p[probe] = 0.05
    rows = source("space", "text", "language", (0.5, 0.6, 0.5), p)
    rows += source("space", "scaled", "language", (0.7, 0.6, 0.8), p, SCALED)
    none, left = probes.verdicts(pd.DataFrame(rows))[LANGUAGE]
    assert none == "Language is not shown to be out of any space."
    assert left.startswith("Scaling within each language leaves language in scaled: ")
    assert ("logistic regression", "k-NN", "the SVM")[probe] in left
    assert left.count("chance") == 1


def test_nothing_follows_for_a_space_whose_null_does_not_repeat_its_labels():
    rows = source("space", "cond", "language", (0.5, 0.5, 0.5), NOT_FOUND, GIVEN)
    none, open_ = probes.verdicts(pd.DataFrame(rows))[LANGUAGE]
    assert "not shown to be out of any space" in none
    assert open_.startswith("No probe exceeds chance in cond, ")
    assert open_.endswith("so nothing follows.")


def test_a_null_of_few_songs_hides_too_much_to_conclude_from():
    rows = source("space", "text", "language", (0.5, 0.5, 0.5), NOT_FOUND)
    rows[1]["chance_high"] = 0.81
    none, blurred = probes.verdicts(pd.DataFrame(rows))[LANGUAGE]
    assert none == "Language is not shown to be out of any space."
    assert blurred == (
        "Too few songs to see whether language is out of text: accuracies up to 0.81 are within "
        "chance."
    )


def test_notes_explain_the_nulls_and_the_marks_that_the_table_has():
    notes = probes.notes(PROBED, ["audio"])
    assert "199 for k-NN (p at least 0.005)" in notes[1]
    assert any(note.startswith("Given this space") for note in notes)
    assert not any("†" in note or note.startswith("Scaled again") for note in notes)
    assert probes.notes(PROBED[:0], ["audio", "cond†"])[-1].startswith("† saw genre labels")
