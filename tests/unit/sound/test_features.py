"""Features equal librosa's own."""

import warnings

import librosa
import numpy as np
import pytest
import soundfile
from project import printed_by
from samples import ODD, RATE, tone

from hybridmusic.demo import synthesis
from hybridmusic.errors import ClipError
from hybridmusic.sound import by_librosa, features, spectra
from hybridmusic.sound.fingerprint import fingerprint

pytestmark = pytest.mark.usefixtures("librosa_alone")


def assert_near(described: dict, expected: dict) -> None:
    """Compare within a thousandth, or 0.002 (dB, Hz) for values near zero; skip the tempo."""
    assert set(described) == set(expected)
    for name in set(expected) - {"tempo"}:
        tolerance = 2e-3 if name.startswith(("mfcc", "brightness")) else 1e-6
        np.testing.assert_allclose(
            described[name], expected[name], rtol=1e-3, atol=tolerance, err_msg=name
        )


def test_describe_equals_librosa_on_the_demos_clips():
    clips = [clip.samples for clip in synthesis.corpus(7, {"english": 1, "bangla": 1})]
    clips += [tone(seed, 3.0) for seed in range(4)]
    same = []
    for y in clips:
        described, expected = features.describe(y, RATE), by_librosa.describe(y)
        assert_near(described, expected)
        same.append(described["tempo"] == pytest.approx(expected["tempo"]))
    assert len(clips) >= 36
    assert np.mean(same) >= 0.99


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ODD)
def test_describe_equals_librosa_on_odd_clips(name):
    y = ODD[name].astype(np.float32)
    described = features.describe(y, RATE)
    with warnings.catch_warnings(action="ignore"):
        expected = by_librosa.describe(y)
    assert_near(described, expected)
    assert described["tempo"] == pytest.approx(expected["tempo"])


def test_nothing_is_compiled_and_librosa_is_not_needed():
    program = (
        "import sys, numpy; from adapters.features import extract_features\n"
        "from hybridmusic.sound import features\n"
        "features.describe(numpy.sin(numpy.arange(66150, dtype='f4') ** 1.2), 22050)\n"
        "print(*{'librosa', 'numba', 'torch', 'sklearn'} & set(sys.modules))"
    )
    assert printed_by(program).strip() == ""


def test_moments_are_interleaved_by_coefficient():
    described = features.moments(np.array([[1.0, 3.0], [10.0, 10.0]]))
    np.testing.assert_array_equal(described, [2, 1, 1, 3, 10, 0, 10, 10])


def test_describe_resamples_other_rates():
    y = tone(1, 3.0, rate=44_100)
    described = features.describe(y, 44_100)
    same = features.describe(librosa.resample(y, orig_sr=44_100, target_sr=RATE), RATE)
    np.testing.assert_array_equal(described["mfcc"], same["mfcc"])


def test_describe_file_describes_the_decoded_clip(tmp_path):
    path = tmp_path / "clip.wav"
    soundfile.write(path, tone(2, 4.0), RATE, subtype="FLOAT")
    described = features.describe_file(path, 1.0, 2.0, min_seconds=1.0)
    assert described.pop("also").shape == (0,)
    clip = tone(2, 4.0)[RATE : 3 * RATE]
    np.testing.assert_array_equal(
        described.pop("fingerprint"), fingerprint(spectra.spectrogram(clip))
    )
    np.testing.assert_equal(described, features.describe(clip, RATE))
    with pytest.raises(ClipError, match="is too short"):
        features.describe_file(path, 3.5, 2.0, min_seconds=1.0)
