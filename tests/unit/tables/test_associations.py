"""The verdict on the paper's claim, and the columns for readers."""

import pandas as pd
import pytest

from hybridmusic.studies import associations as study
from hybridmusic.tables.associations import COLUMNS, notes, verdicts
from hybridmusic.tables.sheet import ABSENT, CHECKED

ROW = dict.fromkeys(study.COLUMNS, 0.5)


@pytest.fixture
def associations():
    rows = [
        ROW | {"words": "energy", "label": "genre", "p_holm": 0.01, "cramers_v": 0.25},
        ROW | {"words": "rhythm", "label": "genre", "p_holm": 0.04, "cramers_v": float("nan")},
        ROW | {"words": "tempo", "label": "genre"},
        ROW | {"words": "tempo", "label": "language", "p_holm": 0.001},
    ]
    return pd.DataFrame(rows)


def test_every_column_has_a_name_for_readers():
    assert COLUMNS["chance_v"] == "Cramér's V (chance)"
    assert COLUMNS["p_independent"] == "p (independent)"
    assert COLUMNS["chance_v"] == "Cramér's V (chance)"
    assert COLUMNS["p_in_language"] == "p (in language)"


def test_the_claim_is_refuted_by_words_beyond_chance(associations):
    claim, inside = verdicts(associations)[CHECKED]
    assert "does not hold here" in claim
    assert claim.endswith(
        "energy, rhythm. The strongest association is that of energy, Cramér's V 0.25 (chance "
        "0.50)."
    )
    assert inside == "Within each language as well: none of them."
    (claim,) = verdicts(associations.assign(p_in_language=float("nan")))[CHECKED]
    assert "does not hold here" in claim


def test_the_claim_is_not_refuted_by_words_within_chance(associations):
    (claim,) = verdicts(associations[2:])[CHECKED]
    assert "is not refuted here" in claim


def test_nothing_is_tested_without_genres(associations):
    (absent,) = verdicts(associations[3:])[ABSENT]
    assert "fewer than two genres" in absent
    assert "199 shuffles" in notes(199)[0]
