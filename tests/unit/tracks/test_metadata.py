"""Metadata are joined to tracks by file name, and refused where a name is not enough."""

import pandas as pd
import pytest

from hybridmusic.errors import InputError
from hybridmusic.tracks import metadata, sources

TABLE = pd.DataFrame(
    {
        "filename": ["a/one.wav", "two.mp3", "two.wav", "blues.00000.wav", "bare.1"],
        "artist": ["Ann", "Bob", None, "Cy", "Dee"],
        "extra": range(5),
    }
)


def known(*paths, table=TABLE):
    return metadata.known(pd.Series(paths, index=range(3, 3 + len(paths))), table, "m")


def test_names_count_more_than_stems_and_stems_more_than_segments():
    found = known(
        *("x/one.wav", "one.au", "two.mp3", "two.flac", "blues.00000.flac", "blues.00000.3.wav"),
        *("bare.1.wav", "blues.00000.12.wav"),
    )
    # The stem `two` is that of two rows, and segments have one digit.
    artists = ["Ann", "Ann", "Bob", None, "Cy", "Cy", "Dee", None]
    assert found["artist"].to_list() == artists
    assert found.index.to_list() == list(range(3, 11))
    assert list(found) == ["title", "language", "genre", "song", "artist", "fold"]
    assert found.drop(columns="artist").isna().all(axis=None)


@pytest.mark.parametrize(
    ("paths", "rows", "message"),
    [
        (["z.wav"], {}, "is of none of the tracks: it names 'one.wav', .*source has 'z.wav'"),
        (["x/one.wav", "y/one.wav"], {}, "'x/one.wav' and 'y/one.wav' have one name"),
        (["one.wav"], {"filename": ["a/x.wav", "b/x.wav"]}, "filename has 'x.wav' twice, without"),
        (["one.wav"], {"filename": [None]}, "it names no file"),
    ],
)
def test_what_cannot_be_joined_is_refused(paths, rows, message):
    with pytest.raises(InputError, match=message):
        known(*paths, table=pd.DataFrame(rows) if rows else TABLE)


def test_one_file_may_be_several_tracks():
    assert known("x/one.wav", "x/one.wav")["artist"].to_list() == ["Ann", "Ann"]


def test_metadata_fill_gaps_of_a_manifest_and_come_before_the_rules_of_a_source(tmp_path):
    manifest, table = tmp_path / "songs.csv", tmp_path / "facts.tsv"
    manifest.write_text("file_path,artist,fold\nx/a.wav,Own,\nx/b.wav,,test\nx/c.wav,,\n")
    table.write_text(
        "filename\tartist\tsong\ttitle\tlanguage\tfold\n"
        "a.flac\tOther\tone\tA\tgerman\ttrain\nb.wav\tOther\t\tB\t\ttrain\n"
    )
    source = {"name": "m", "path": str(manifest), "metadata": str(table), "song": "file"}
    tracks = sources.list_source(source | {"language": "bangla"}).tracks
    assert tracks["artist"].to_list() == ["Own", "Other", None]
    assert tracks["fold"].to_list() == ["train", "test", None]
    assert tracks["title"].to_list() == ["A", "B", "c"]
    assert tracks["song"].to_list() == ["m/one", "m/x/b.wav", "m/x/c.wav"]
    assert tracks["language"].to_list() == ["german", "bangla", "bangla"]
    with pytest.raises(InputError, match=r"'m/x/b\.wav' has no language"):
        sources.list_source(source)


def test_performers_and_folds_of_gtzan_have_the_published_numbers(tmp_path):
    names = [f"{genre}.{n:05}" for genre in ("blues", "jazz", "reggae") for n in range(100)]
    for name in names:
        (tmp_path / f"{name}.au").touch()
    source = {"name": "g", "path": str(tmp_path), "language": "english", "song": "file"}
    tracks = sources.list_source(source | {"metadata": "gtzan"}).tracks
    assert len(tracks) == 300
    assert tracks.set_index("id").loc["g/blues.00000.au", "artist"] == "John Lee Hooker"
    table = pd.read_csv(sources.metadata_path({"metadata": "gtzan"}))
    assert len(table) == 1000
    assert table["artist"].notna().sum() == 919
    assert table["fold"].value_counts().to_dict() == {"train": 443, "test": 290, "valid": 197}
    folds = table.dropna().groupby("artist")["fold"].nunique()
    assert (folds == 1).all()
