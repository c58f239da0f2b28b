"""Units are artists where they are known, else songs, and split neither."""

import pandas as pd

from hybridmusic.tracks.units import canonical, units


def collection(*rows):
    return pd.DataFrame(rows, columns=["song", "artist"], index=[f"t{n}" for n in range(len(rows))])


def test_spellings_of_an_artist_are_one_and_nobody_is_no_artist():
    names = ["Beyoncé", "BEYONCE\u0301", "  beyoncé ", "Ｂｅｙｏｎｃé"]
    assert {canonical(name) for name in names} == {"beyoncé"}
    assert canonical("The  Cure\n") == canonical("the cure")
    nobody = ["Unknown", "Various  Artists", "VA", "N/A", " ", None, float("nan")]
    assert {canonical(name) for name in nobody} == {None}


def test_without_artists_units_are_the_songs():
    tracks = collection(("s/b", None), ("s/a", "unknown"), ("s/b", "Various Artists"))
    pd.testing.assert_series_equal(units(tracks), tracks["song"], check_names=False)


def test_an_artist_in_two_sources_is_one_unit_and_names_do_not_collide():
    tracks = collection(("en/1", "AC/DC"), ("bn/1", "ac/dc"), ("ac/dc", None), ("en/2", "Abba"))
    assert units(tracks).to_list() == ["artist ac/dc", "artist ac/dc", "ac/dc", "artist abba"]


def test_neither_a_song_nor_an_artist_is_split():
    tracks = collection(
        *(("s/duet", "Ann"), ("s/duet", "Bob"), ("s/duet", None), ("s/solo", "Bob")),
        *(("s/other", "Cy"), ("s/silent", None)),
    )
    found = units(tracks)
    assert found.to_list() == ["artist ann"] * 4 + ["artist cy", "s/silent"]
    assert found.index.equals(tracks.index)
