"""Notes, verdicts and columns of agreement across languages."""

import numpy as np
import pandas as pd
import pytest

from hybridmusic.tables import language
from hybridmusic.tables.sheet import LANGUAGE


@pytest.fixture
def tracks():
    genres = ["Pop", "metal", "blues", "pop", "Metal", "Folk"]
    return pd.DataFrame({"language": ["english"] * 3 + ["bangla"] * 3, "genre": genres})


@pytest.fixture
def compared():
    rows = [
        ("a", "Scaled", "a", "plain", "scaled", 1.0, np.nan),
        ("c", "Learned", "c", "learned", "", 0.4, -0.6),
        ("d", "Free", "d", "shown the genres", "", 1.0, 0.0),
    ]
    names = ["method", "label", "space", "family", "remedy", "shared_nmi", "difference"]
    table = pd.DataFrame(rows, columns=names)
    table["scaled"] = [None, "a", "a"]
    for name in ("shared_nmi", "difference"):
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - 0.1, table[name] + 0.1
    for name in ("genre_nmi", "inside_nmi", "shared_ari"):
        table[name] = 0.5
    for end in ("", "_low", "_high"):
        table[f"language_nmi{end}"] = 0.2
    return table.assign(k=4)


def test_notes_name_the_shared_genres_and_the_clusterings(compared, tracks):
    shared = language.notes(compared, tracks, 4, True)[0]
    assert "the 4 tracks" in shared
    assert "(metal, pop)" in shared
    assert "those of all tracks, for k = 4, scored on these tracks." in shared
    both = pd.concat([compared, compared.assign(k=2)])
    assert "and k = 2, the number of shared genres" in language.notes(both, tracks, 4, True)[0]


def test_notes_say_why_nothing_can_be_compared(compared, tracks):
    apart = tracks.assign(genre=tracks["language"] + tracks["genre"])
    assert language.notes(compared, apart, 4, True)[-1] == language.NOT_SHARED
    assert language.notes(compared, tracks.assign(language="x"), 4, True) == [language.ONE_LANGUAGE]


def test_notes_say_whether_methods_were_fitted_again(compared, tracks):
    for are_refitted, sentence in ((True, "fitted again on both"), (False, "too narrow")):
        assert sentence in " ".join(language.notes(compared, tracks, 4, are_refitted))


def test_verdicts_say_whether_learning_is_better_than_scaling(compared):
    first, second = language.verdicts(compared, 4)[LANGUAGE]
    assert "Scaled agrees best with the shared genres: NMI 1.000 (0.900 to 1.100)" in first
    assert second.startswith("No space learned without genres is shown to be better")
    assert "Learned, differs by -0.600" in second
    ahead = compared.assign(difference_low=0.1)
    better = language.verdicts(ahead, 4)[LANGUAGE][1]
    assert "for all methods together: Learned (with language 0.200)" in better
    assert "Free" not in better  # was shown the genres
    assert language.verdicts(compared.assign(scaled=None), 4) == {LANGUAGE: []}
    assert len(language.verdicts(compared[compared["family"] != "learned"], 4)[LANGUAGE]) == 1


def test_the_table_has_measures_of_the_space(compared):
    measures = [("c", 0, "language_mixing", 0.5), ("c", 1, "language_mixing", 0.7)]
    spaces = pd.DataFrame(measures, columns=["space", "seed", "metric", "value"])
    table = language.table(compared, spaces).set_index("Method")
    assert table.loc["Learned", "Language mixing"] == pytest.approx(0.6)
    assert np.isnan(table.loc["Scaled", "Language mixing"])
    assert table["Language Silhouette"].isna().all()
    assert table["Remedy"].to_list() == ["scaled", "–", "–"]
    empty = language.table(compared.iloc[:0], spaces)
    assert list(empty) == ["Method", *table.columns]
