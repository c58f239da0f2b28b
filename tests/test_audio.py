"""Features equal librosa's own, called plainly; what cannot be used says why."""

import librosa
import numpy as np
import pytest
import soundfile
from conftest import RATE, tone

from hybridmusic import audio, decoding
from hybridmusic.errors import ClipError


@pytest.mark.parametrize("seed", range(4))
def test_describe_equals_librosa(seed):
    y = tone(seed, 3.0)
    described = audio.describe(y, RATE)
    mfcc = librosa.feature.mfcc(y=y, sr=RATE, n_mfcc=13)
    for coefficient in range(13):
        expected = [f(mfcc[coefficient]) for f in (np.mean, np.std, np.min, np.max)]
        found = described["mfcc"][4 * coefficient : 4 * coefficient + 4]
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-3)
    tempo, _ = librosa.beat.beat_track(y=y, sr=RATE)
    assert described["tempo"] == pytest.approx(float(np.atleast_1d(tempo)[0]))
    assert described["energy"] == pytest.approx(librosa.feature.rms(y=y).mean(), rel=1e-5)
    centroid = librosa.feature.spectral_centroid(y=y, sr=RATE)
    assert described["brightness"] == pytest.approx(centroid.mean(), rel=1e-4)
    chroma = librosa.feature.chroma_stft(y=y, sr=RATE)
    assert described["rhythm"] == pytest.approx(chroma.std(), rel=1e-4)
    assert described["brightness_low"] == pytest.approx(np.percentile(centroid, 33), rel=1e-4)
    assert described["rhythm_high"] == pytest.approx(
        np.percentile(chroma.std(axis=0), 67), rel=1e-4
    )


def test_moments_are_interleaved_by_coefficient():
    found = audio.moments(np.array([[1.0, 3.0], [10.0, 10.0]]))
    np.testing.assert_array_equal(found, [2, 1, 1, 3, 10, 0, 10, 10])


def test_describe_resamples_other_rates():
    y = tone(1, 3.0, rate=44_100)
    found = audio.describe(y, 44_100)
    same = audio.describe(librosa.resample(y, orig_sr=44_100, target_sr=RATE), RATE)
    np.testing.assert_array_equal(found["mfcc"], same["mfcc"])


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
