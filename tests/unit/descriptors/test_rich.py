"""Descriptors beside the features: against librosa, and weighed group by group."""

import warnings
from itertools import chain, islice, pairwise

import librosa
import numpy as np
import pandas as pd
import pytest
import scipy.linalg
from samples import ODD, RATE, kaggle_table, tone

from hybridmusic import kinds
from hybridmusic.blocks import descriptors
from hybridmusic.demo import synthesis
from hybridmusic.descriptors import frames, rich
from hybridmusic.errors import InputError
from hybridmusic.sound import spectra
from hybridmusic.spaces import scaling
from hybridmusic.tracks import feature_tables

pytestmark = pytest.mark.usefixtures("librosa_alone")


@pytest.fixture(scope="module")
def sounds() -> list[np.ndarray]:
    """Clips of all genres of the demo, and tones of one second."""
    clips = [
        clip.samples
        for clip in islice(synthesis.corpus(7, {"english": 1, "bangla": 1}), 0, None, 3)
    ]
    return clips + [tone(seed, 1.0) for seed in range(3)]


def by_librosa(y: np.ndarray) -> dict[str, np.ndarray]:
    """Compute the groups of `rich` with librosa at each step."""
    mfcc = librosa.feature.mfcc(y=y, sr=RATE, n_mfcc=20)
    width = min(9, (mfcc.shape[1] - 1) // 2 * 2 + 1)
    delta = librosa.feature.delta(mfcc, width=width) if width > 2 else 0 * mfcc
    covariance = np.cov(mfcc, bias=True) + np.eye(20)
    shapes = [
        librosa.feature.rms(y=y),
        librosa.feature.spectral_centroid(y=y, sr=RATE),
        librosa.feature.spectral_bandwidth(y=y, sr=RATE),
        librosa.feature.spectral_rolloff(y=y, sr=RATE),
        librosa.feature.spectral_flatness(y=y),
        librosa.feature.zero_crossing_rate(y),
    ]
    contrast = librosa.feature.spectral_contrast(y=y, sr=RATE)
    chroma = librosa.feature.chroma_stft(y=y, sr=RATE)
    chroma = np.roll(chroma, -chroma.mean(axis=1).argmax(), axis=0)
    onsets = librosa.onset.onset_strength(y=y, sr=RATE)
    tempogram = librosa.feature.tempogram(onset_envelope=onsets, sr=RATE, win_length=344)
    lags = 60 * RATE / 512 / np.geomspace(40, 320, 19)
    beats = librosa.beat.beat_track(y=y, sr=RATE)[0]

    def both(rows):
        return np.concatenate([np.mean(rows, axis=-1).ravel(), np.std(rows, axis=-1).ravel()])

    return {
        "mfcc means": mfcc.mean(axis=1),
        "mfcc deviations": mfcc.std(axis=1),
        "mfcc delta deviations": delta.std(axis=1),
        "mfcc covariance": scipy.linalg.logm(covariance)[np.triu_indices(20)],
        "spectral shape": both(np.stack(shapes)),
        "spectral contrast": both(contrast),
        "chroma": both(chroma),
        "rhythm": [
            *(np.ravel(beats)[0], onsets.mean(), onsets.std()),
            *np.interp(lags, np.arange(344), tempogram.mean(axis=1)),
        ],
    }


def assert_near(y: np.ndarray) -> None:
    found = rich.describe(spectra.Sound(y))
    with warnings.catch_warnings(action="ignore"):
        expected = by_librosa(y)
    assert list(expected) == list(rich.GROUPS)
    start = 0
    for group, names in rich.GROUPS.items():
        values, start = found[start : start + len(names)], start + len(names)
        np.testing.assert_allclose(values, expected[group], rtol=2e-3, atol=2e-3, err_msg=group)
    assert start == len(found)


def test_rich_descriptors_equal_librosas(sounds):
    for y in sounds:
        assert_near(y)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ODD)
def test_rich_descriptors_equal_librosas_on_odd_clips(name):
    # Without any noise at all, contrast and bandwidth are of what Fourier transforms round off.
    dither = np.random.default_rng(1).normal(0, 1e-4, len(ODD[name]))
    assert_near((ODD[name] + dither).astype(np.float32))


def test_frames_are_librosas_one_after_the_other(sounds):
    for y in sounds:
        mfcc = librosa.feature.mfcc(y=y, sr=RATE, n_mfcc=13)
        edges = [number * mfcc.shape[1] // 12 for number in range(13)]
        windows = [mfcc[:, a:b].mean(axis=1) for a, b in pairwise(edges)]
        found = frames.describe(spectra.Sound(y)).reshape(12, 13)
        np.testing.assert_allclose(found, windows, rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("n_frames", [1, 5, 12])
def test_frames_of_a_short_clip_are_in_several_windows(n_frames):
    sound = spectra.Sound(tone(0, 1.0)[: (n_frames - 1) * spectra.HOP + 1])
    mfcc = spectra.mfcc(sound.mel, 13)
    assert len(mfcc) == n_frames
    found = frames.describe(sound).reshape(12, 13)
    np.testing.assert_allclose(found, mfcc[np.arange(12) * n_frames // 12], rtol=1e-5)


def table(columns: dict[str, np.ndarray]) -> pd.DataFrame:
    return pd.DataFrame({"id": list("abcdefghij"), **columns})


def described(seed: int = 0) -> pd.DataFrame:
    """Ten tracks with random rich descriptors, of very different sizes."""
    random = np.random.default_rng(seed)
    names = list(chain(*rich.GROUPS.values()))
    values = random.normal(size=(10, len(names))) * 10 ** random.uniform(-3, 3, len(names))
    return table(dict(zip(names, values.T, strict=True)))


@pytest.mark.parametrize("scale", ["standardise", "quantile_normal"])
def test_groups_weigh_equally_and_columns_within_them_too(scale):
    frame = described()
    ids, found = descriptors.block({"rich": frame}, scale=scale)
    assert ids == list("abcdefghij")
    start, totals = 0, []
    for names in rich.GROUPS.values():
        group, start = found[:, start : start + len(names)], start + len(names)
        plain = getattr(scaling, scale)(frame[names].to_numpy())
        ratio = group.std() / plain.std()
        np.testing.assert_allclose(group, ratio * plain, rtol=1e-4, atol=1e-5)
        totals.append(group.var(axis=0).sum())
    np.testing.assert_allclose(totals, totals[0], rtol=1e-4)


def test_a_feature_table_gives_all_its_numbers_as_one_group(caplog):
    caplog.set_level("INFO")
    given = kaggle_table()
    numbers = feature_tables.numbers(given.assign(gap=[1.0, *[np.nan] * 23], name="x"))
    assert list(numbers) == [name for name in given if numbers.get(name) is not None]
    assert {"filename", "length", "label", "language", "gap", "name"}.isdisjoint(numbers)
    assert numbers.shape == (24, 49)
    frame = numbers.assign(id=given["filename"])
    for scale in ("standardise", "quantile_normal"):
        _, found = descriptors.block({"rich": frame}, scale=scale)
        plain = getattr(scaling, scale)(numbers.to_numpy())
        np.testing.assert_allclose(found, plain, rtol=1e-5)
    assert "rich: 49 columns of a feature table, chroma_stft_mean, chroma_stft_var" in caplog.text


def test_columns_that_some_track_lacks_are_left_out(caplog):
    frame = described()
    frame.loc[3, ["tempo", "onset_std"]] = np.nan
    _, found = descriptors.block({"rich": frame}, scale="standardise")
    _, fewer = descriptors.block(
        {"rich": frame.drop(columns=["tempo", "onset_std"])}, scale="standardise"
    )
    np.testing.assert_array_equal(found, fewer)
    assert "left out, because some tracks lack it: onset_std, tempo" in caplog.text
    frame.loc[4] = "e", *[np.nan] * (frame.shape[1] - 1)
    with pytest.raises(InputError, match="rich: all 10 tracks have no descriptor in common"):
        descriptors.block({"rich": frame}, scale="standardise")
    with pytest.raises(InputError, match="no track has the descriptors of rich"):
        descriptors.block({"rich": frame[:0]}, scale="standardise")


def test_every_set_names_its_columns_once():
    for name in kinds.kinds("descriptors"):
        columns = kinds.columns(name)
        values = kinds.load("descriptors", name).describe(spectra.Sound(tone(0, 1.0)))
        assert len(set(columns)) == len(columns) == len(values)


FEW = {
    "audio": {"also": ["rich"]},
    "spaces": {"rich": {"kind": "descriptors", "sets": ["rich"], "scale": "quantile_normal"}},
}


def test_a_run_has_the_sets_that_it_names(project):
    project.write_config(**FEW)
    project.succeed("features", "results/tiny/spaces/rich.parquet")
    features = pd.read_parquet(project.results / "features.parquet")
    frame = pd.read_parquet(project.results / "descriptors/rich.parquet")
    assert frame["id"].to_list() == features["id"].to_list()
    _, expected = descriptors.block({"rich": frame}, scale="quantile_normal")
    space = pd.read_parquet(project.results / "spaces/rich.parquet")
    np.testing.assert_array_equal(np.stack(space["vector"]), expected)
    known = pd.concat(
        [pd.read_parquet(path) for path in (project.results / "features/known").iterdir()]
    )
    assert {len(values) for values in known["also"]} == {342}
    np.testing.assert_allclose(frame["tempo"], features["tempo"], rtol=1e-6)


def test_a_run_on_a_feature_table_has_its_numbers(project):
    given = kaggle_table()
    given.to_csv(project.folder / "table.csv", index=False)
    project.write_config(**FEW, sources=[{"name": "t", "path": "table.csv", "song": "file"}])
    project.succeed("results/tiny/spaces/rich.parquet")
    space = pd.read_parquet(project.results / "spaces/rich.parquet")
    assert sorted(space["id"]) == sorted("t/" + given["filename"])
    expected = scaling.quantile_normal(feature_tables.numbers(given).to_numpy())
    order = pd.Index("t/" + given["filename"]).get_indexer(space["id"])
    np.testing.assert_allclose(np.stack(space["vector"]), expected[order], rtol=1e-5)
