"""Both labels are side by side, and the verdict is about the best space."""

import pandas as pd

from hybridmusic.tables import probes
from hybridmusic.tables.sheet import ABSENT, DOUBT

FIELDS = ["kind", "name", "label", "classes", "tracks", "accuracy", "chance", "chance_high", "p"]
ROWS = [
    ("space", "audio", "genre", 4, 9, 0.6, 0.25, 0.3, 0.01),
    ("space", "audio", "language", 2, 9, 0.7, 0.5, 0.6, 0.01),
    ("space", "cond", "genre", 4, 9, 0.5, 0.25, 0.3, 0.02),
    ("recording", "all", "genre", 4, 9, 0.3, 0.25, 0.3, 0.4),
    ("recording", "bytes", "genre", 4, 9, 0.9, 0.25, 0.3, 0.4),
]
PROBES = pd.DataFrame(ROWS, columns=FIELDS)


def test_the_table_has_both_labels_side_by_side():
    table = probes.table(PROBES, {"audio": "audio", "cond": "cond†"}).set_index("Read from")
    assert list(table.index) == ["audio", "cond†", "recording: all", "recording: bytes"]
    columns = ["Genre", "Genre (chance)", "p (genre)"]
    assert list(table) == [*columns, "Language", "Language (chance)", "p (language)"]
    assert table.loc["audio"].to_list() == [0.6, 0.25, 0.01, 0.7, 0.5, 0.01]
    assert table["Language"].isna().to_list() == [False, True, True, True]
    assert probes.table(PROBES[:0], {}).empty


def test_the_verdict_compares_recordings_with_the_best_space():
    verdicts = probes.verdicts(PROBES)
    genre, language = verdicts[DOUBT]
    assert genre == (
        "Balanced accuracy of genre: 0.30 from the recording alone (p 0.400), 0.60 from the space "
        "audio (p 0.010); 0.25 is chance."
    )
    assert "0.70 from the space audio" in language
    assert verdicts[ABSENT] == probes.verdicts(PROBES[:0])[DOUBT] == []
    assert "No two kinds of genre" in probes.verdicts(PROBES[:0])[ABSENT][0]


def test_notes_explain_the_marks_that_the_table_has():
    assert not any("†" in note for note in probes.notes(9, ["audio"]))
    assert probes.notes(9, ["audio", "cond†"])[-1].startswith("† saw genre labels")
