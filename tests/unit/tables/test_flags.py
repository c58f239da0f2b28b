"""Words for flags of degeneracy."""

from hybridmusic.evaluation import degeneracy
from hybridmusic.tables.flags import NOTE, WORDS, flags


def test_every_flag_has_words_and_an_explanation():
    assert set(WORDS) == set(degeneracy.FLAGS)
    assert flags({"distinct_share": 0.4, "noise_share": 0.6}) == [
        "few distinct rows",
        "mostly noise",
    ]
    for word in WORDS.values():
        assert word in NOTE
