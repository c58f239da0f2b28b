"""Features equal librosa's own, called plainly; what cannot be used says why."""

import warnings

import librosa
import numpy as np
import pytest
import soundfile
from project import printed_by
from samples import ODD, RATE, TIME, tone

from hybridmusic.demo import synthesis
from hybridmusic.errors import ClipError
from hybridmusic.sound import decoding, features, spectra

pytestmark = pytest.mark.usefixtures("librosa_alone")


def plain(y: np.ndarray) -> dict:
    """What `describe` returns, by librosa."""
    mfcc = librosa.feature.mfcc(y=y, sr=RATE, n_mfcc=13)
    rms = librosa.feature.rms(y=y)[0]
    centroid = librosa.feature.spectral_centroid(y=y, sr=RATE)[0]
    chroma = librosa.feature.chroma_stft(y=y, sr=RATE)
    tempo, _ = librosa.beat.beat_track(y=y, sr=RATE)
    described = {
        "mfcc": [f(row) for row in mfcc for f in (np.mean, np.std, np.min, np.max)],
        "tempo": float(np.ravel(tempo)[0]),
        **{"energy": rms.mean(), "brightness": centroid.mean(), "rhythm": chroma.std()},
    }
    for name, frames in (("energy", rms), ("brightness", centroid), ("rhythm", chroma.std(axis=0))):
        described[f"{name}_low"], described[f"{name}_high"] = np.percentile(frames, (33, 67))
    return described


def assert_near(found: dict, expected: dict) -> None:
    """Within a thousandth, or 0.002 (dB, Hz) where values are near zero; tempo apart."""
    assert set(found) == set(expected)
    for name in set(expected) - {"tempo"}:
        tolerance = 2e-3 if name.startswith(("mfcc", "brightness")) else 1e-6
        np.testing.assert_allclose(
            found[name], expected[name], rtol=1e-3, atol=tolerance, err_msg=name
        )


def test_describe_equals_librosa_on_the_demos_clips():
    clips = [clip.samples for clip in synthesis.corpus(7, {"english": 1, "bangla": 1})]
    clips += [tone(seed, 3.0) for seed in range(4)]
    same = []
    for y in clips:
        found, expected = features.describe(y, RATE), plain(y)
        assert_near(found, expected)
        same.append(found["tempo"] == pytest.approx(expected["tempo"]))
    assert len(clips) >= 36
    assert np.mean(same) >= 0.99


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ODD)
def test_describe_equals_librosa_on_odd_clips(name):
    y = ODD[name].astype(np.float32)
    found = features.describe(y, RATE)
    with warnings.catch_warnings(action="ignore"):
        expected = plain(y)
    assert_near(found, expected)
    assert found["tempo"] == pytest.approx(expected["tempo"])


def test_filters_equal_librosas():
    mel = librosa.filters.mel(sr=RATE, n_fft=2048).T
    np.testing.assert_allclose(spectra.mel_bank(), mel, rtol=1e-4, atol=1e-7)
    for tuning in (-0.5, 0.0, 0.19, 0.49):
        chroma = librosa.filters.chroma(sr=RATE, n_fft=2048, tuning=tuning).T
        np.testing.assert_allclose(spectra.chroma_bank(tuning), chroma, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("cents", [-42, -7, 0, 18, 44])
def test_tuning_is_that_of_the_notes(cents):
    pitches = 440 * 2 ** ((np.array([15, 19, 22, 27]) + (cents + 0.5) / 100) / 12)
    y = sum(np.sin(2 * np.pi * pitch * TIME) for pitch in pitches).astype(np.float32)
    power = spectra.spectrogram(y)
    assert spectra.tuning(power) == pytest.approx(cents / 100, abs=0.03)
    assert spectra.tuning(power) == librosa.estimate_tuning(S=power.T, sr=RATE)


def test_nothing_is_compiled_and_librosa_is_not_needed():
    program = (
        "import sys, numpy; from adapters.features import extract_features\n"
        "from hybridmusic.sound import features\n"
        "features.describe(numpy.sin(numpy.arange(66150, dtype='f4') ** 1.2), 22050)\n"
        "print(*{'librosa', 'numba', 'torch', 'sklearn'} & set(sys.modules))"
    )
    assert printed_by(program).strip() == ""


def test_moments_are_interleaved_by_coefficient():
    found = features.moments(np.array([[1.0, 3.0], [10.0, 10.0]]))
    np.testing.assert_array_equal(found, [2, 1, 1, 3, 10, 0, 10, 10])


def test_describe_resamples_other_rates():
    y = tone(1, 3.0, rate=44_100)
    found = features.describe(y, 44_100)
    same = features.describe(librosa.resample(y, orig_sr=44_100, target_sr=RATE), RATE)
    np.testing.assert_array_equal(found["mfcc"], same["mfcc"])


def test_describe_file_is_of_the_clip_that_is_decoded(tmp_path):
    path = sound_file(tmp_path / "clip.wav", tone(2, 4.0))
    found = features.describe_file(path, 1.0, 2.0, min_seconds=1.0)
    assert found.pop("also").shape == (0,)
    np.testing.assert_equal(found, features.describe(tone(2, 4.0)[RATE : 3 * RATE], RATE))
    with pytest.raises(ClipError, match="is too short"):
        features.describe_file(path, 3.5, 2.0, min_seconds=1.0)


@pytest.mark.parametrize("ending", ["wav", "flac", "mp3", "ogg", "au"])
@pytest.mark.parametrize(("rate", "channels"), [(RATE, 1), (44_100, 2), (48_000, 3), (8_000, 1)])
def test_load_clip_reads_what_librosa_reads(tmp_path, ending, rate, channels):
    if ending == "mp3" and channels > 2:
        pytest.skip("mp3 has at most two channels")
    path = tmp_path / f"clip.{ending}"
    sound = np.stack([tone(seed, 4.0, rate) for seed in range(channels)], axis=1)
    soundfile.write(path, sound, rate)
    found = decoding.load_clip(path, start=1.0, seconds=2.0, min_seconds=1.0)
    expected, _ = librosa.load(path, sr=RATE, offset=1.0, duration=2.0)
    assert found.dtype == np.float32
    assert len(found) == 2 * RATE
    np.testing.assert_array_equal(found, expected)


def sound_file(path, samples, subtype="FLOAT"):
    soundfile.write(path, np.asarray(samples, dtype=np.float32), RATE, subtype=subtype)
    return path


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        ([], "is empty"),
        (np.ones(RATE // 2), "is too short: 0.500 s, 1 s are needed"),
        (np.zeros(2 * RATE), "is silent"),
        (np.full(2 * RATE, 0.5), "is silent"),
        ([0.1, np.nan] * RATE, "not finite"),
        ([0.1, np.inf] * RATE, "not finite"),
    ],
)
def test_load_clip_says_why_not(tmp_path, samples, reason):
    path = sound_file(tmp_path / "clip.wav", samples)
    with pytest.raises(ClipError, match=reason):
        decoding.load_clip(path, start=0.0, seconds=3.0, min_seconds=1.0)


def test_load_clip_rejects_what_is_no_sound(tmp_path):
    path = tmp_path / "clip.wav"
    path.write_bytes(b"RIFF and nothing else")
    with pytest.raises(ClipError, match=r"^cannot be decoded: \w"):
        decoding.load_clip(path, 0.0, 3.0, 1.0)
    with pytest.raises(ClipError, match="cannot be decoded"):
        decoding.duration(path)
    with pytest.raises(ClipError, match="does not exist"):
        decoding.load_clip(tmp_path / "none.wav", 0.0, 3.0, 1.0)


def test_a_segment_beyond_the_end_is_empty(tmp_path):
    path = sound_file(tmp_path / "clip.wav", tone(0, 2.0))
    with pytest.raises(ClipError, match="is empty"):
        decoding.load_clip(path, start=5.0, seconds=3.0, min_seconds=1.0)
