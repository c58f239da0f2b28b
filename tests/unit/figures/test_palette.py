"""Colours, markers and letters differ where they have to."""

from hybridmusic.figures import palette


def test_languages_keep_the_papers_colours_and_others_get_their_own():
    found = palette.languages(["bangla", "english", "hindi", "tamil"])
    assert len(set(found.values())) == 4
    assert (found["english"], found["bangla"]) == ("#0072B2", "#D55E00")


def test_no_two_networks_look_alike():
    looks = {(palette.colour(number), palette.shape(number)) for number in range(64)}
    assert len(looks) == 64
    assert len({palette.shape(number) for number in range(8)}) == 8


def test_letters_go_on_after_z():
    assert [palette.letter(number) for number in (0, 25, 26, 51, 52, 701, 702)] == [
        *("a", "z", "aa", "az", "ba", "zz", "aaa")
    ]
