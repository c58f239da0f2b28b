"""Published feature tables replace audio; their columns are found by name."""

import numpy as np
import pytest
from samples import kaggle_table

from hybridmusic.blocks import mfcc
from hybridmusic.errors import InputError
from hybridmusic.spaces.scaling import standardise
from hybridmusic.tracks import catalogue, feature_tables, sources


def listed(tmp_path, table, **source):
    table.to_csv(tmp_path / "features.csv", index=False)
    return sources.list_source({"name": "t", "path": str(tmp_path / "features.csv")} | source)


def test_columns_are_chosen_by_name_in_any_order(tmp_path):
    table = kaggle_table()
    shuffled = table[np.random.default_rng(0).permutation(table.columns)]
    listing = listed(tmp_path, shuffled)
    features = listing.features
    first = features["mfcc"].iloc[0].reshape(13, 4)
    row = table.iloc[0]
    for number in range(13):
        assert first[number, 0] == pytest.approx(row[f"mfcc{number + 1}_mean"], rel=1e-5)
        assert first[number, 1] == pytest.approx(np.sqrt(row[f"mfcc{number + 1}_var"]), rel=1e-5)
    assert np.isnan(first[:, 2:]).all()
    assert features["tempo"].iloc[0] == pytest.approx(row["tempo"])
    assert features["energy"].iloc[0] == pytest.approx(row["rms_mean"])
    assert features["brightness"].iloc[0] == pytest.approx(row["spectral_centroid_mean"])
    assert features["rhythm"].iloc[0] == pytest.approx(np.sqrt(row["chroma_stft_var"]))


def test_tracks_take_label_and_language_from_the_table(tmp_path):
    tracks = listed(tmp_path, kaggle_table()).tracks
    assert tracks["id"].iloc[0] == "t/blues.00000.wav"
    assert set(tracks["genre"]) == {"blues", "Folk"}
    assert set(tracks["language"]) == {"eng", "bng"}
    assert tracks["start"].isna().all()
    without = kaggle_table().drop(columns=["language", "label"])
    tracks = listed(tmp_path, without, language="english").tracks
    assert set(tracks["language"]) == {"english"}
    assert tracks["genre"].isna().all()


def test_rows_with_equal_features_are_duplicates(tmp_path):
    table = kaggle_table().iloc[[0, 1, 2, 3, 4, 2, 6, 2, 8]]
    table["filename"] = [f"{n}.wav" for n in range(len(table))]
    equal = catalogue.duplicates(listed(tmp_path, table).tracks, drop=True)
    assert equal["id"].to_list() == ["t/2.wav", "t/5.wav", "t/7.wav"]
    assert equal["kept"].to_list() == [True, False, False]


def test_names_of_a_manifest_win_over_those_of_the_table(tmp_path):
    table = kaggle_table(2).assign(file_path=list("abcd"), genre="jazz", label=7)
    listing = listed(tmp_path, table)
    assert listing.tracks["id"].to_list() == ["t/a", "t/b", "t/c", "t/d"]
    assert set(listing.tracks["genre"]) == {"jazz"}
    assert "label" not in listing.numbers  # it would leak


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="mfcc7_var"), "without the column mfcc7_var"),
        (lambda t: t.drop(columns="tempo"), "without the column tempo"),
        (lambda t: t.drop(columns="filename"), "has no column filename"),
        (
            lambda t: t.assign(tempo="fast"),
            "tempo of 'blues.00000.wav' is 'fast'; allowed: a finite number$",
        ),
        (lambda t: t.assign(rms_mean=np.inf), "rms_mean of .* allowed: a finite number$"),
        (
            lambda t: t.assign(mfcc1_var=-1.0),
            "mfcc1_var of .* is '-1.0'; allowed: a finite number from 0$",
        ),
    ],
)
def test_a_bad_table_is_refused(tmp_path, change, message):
    with pytest.raises(InputError, match=message):
        listed(tmp_path, change(kaggle_table()))


def test_statistics_that_a_track_lacks_are_left_out_by_name(caplog):
    table = kaggle_table()
    table = feature_tables.features(table, table["filename"], "here")
    table = table.assign(id=table.index.astype(str))
    _, vectors = mfcc.block(table, statistics=["mean", "std", "min", "max"])
    assert vectors.shape[1] == 26
    assert "some tracks lack it: MFCC min, max" in caplog.text
    means = np.stack(table["mfcc"])[:, ::4]
    np.testing.assert_allclose(vectors[:, ::2], standardise(means), atol=1e-6)
    with pytest.raises(InputError, match="no track has all of min"):
        mfcc.block(table, statistics=["min"])
