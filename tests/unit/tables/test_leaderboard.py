"""Spaces and published models are in one ranking only where they are comparable."""

import pandas as pd
import pytest

from hybridmusic.tables import leaderboard
from hybridmusic.tables.sheet import ABSENT, SEPARATES

FIELDS = ["space", "seed", "tracks", "genres", "v_measure", "deviation"]
MEASURED = pd.DataFrame(
    [
        ("audio", 42, 999, 10, 0.3, 0.01),
        ("vae", 42, 999, 10, 0.4, 0.02),
        ("vae", 43, 999, 10, 0.6, 0.04),
        ("cond", 42, 999, 10, 0.9, 0.01),
    ],
    columns=FIELDS,
)
SPACES = pd.DataFrame({"space": ["audio", "vae", "cond"], "effective": ["none", "none", "genre"]})
PUBLISHED = pd.DataFrame(
    {"model": ["a/large", "a/small"], "v_measure": [0.7, 0.2], "deviation": 0.01}
)
TRACKS = pd.DataFrame({"genre": ["blues", "rock"] * 2, "start": [0.0, 3, 0, 3]})


@pytest.fixture
def rows() -> pd.DataFrame:
    return leaderboard.rows(MEASURED, SPACES, PUBLISHED)


def test_spaces_and_models_are_ranked_together_on_gtzan_alone(rows):
    table = leaderboard.table(rows, True)
    assert table["Space or model"].to_list() == ["cond†", "a/large", "vae", "audio", "a/small"]
    vae = table.loc[2]
    assert vae["V-measure"] == pytest.approx(0.5)
    assert vae["± bootstraps"] == pytest.approx(0.03)
    assert vae["± seeds"] == pytest.approx(2**0.5 / 10)
    apart = leaderboard.table(rows, False)
    assert apart["Space or model"].to_list() == ["cond†", "vae", "audio", "a/large", "a/small"]
    assert apart["Source"].to_list() == [leaderboard.HERE] * 3 + [leaderboard.PUBLISHED] * 2


def test_the_verdict_is_about_gtzan_and_leaves_out_what_saw_genres(rows):
    [sentence] = leaderboard.verdicts(rows, True)[SEPARATES]
    assert "is 0.500 (vae); 1 of the 2 published models" in sentence
    assert leaderboard.verdicts(rows, False) == {}
    empty = leaderboard.rows(MEASURED[:0], SPACES, PUBLISHED)
    assert "fewer than two genres" in leaderboard.verdicts(empty, False)[ABSENT][0]
    assert len(leaderboard.table(empty, False)) == 2


def test_notes_say_which_tracks_are_scored(rows):
    here, *_, mark = leaderboard.notes(rows, TRACKS, True, 3.0)
    assert "the tracks of GTZAN in this run: 4 clips of 3 s, 2 genres." in here
    assert mark.startswith("† saw genre labels")
    of_table = TRACKS.assign(start=float("nan"))
    other, *_ = leaderboard.notes(rows, of_table, False, 3.0)
    assert other.startswith("This collection is not GTZAN (4 rows of a table, 2 genres)")
