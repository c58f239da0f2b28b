"""Nuisances are those of signals with known level, bandwidth and silence."""

import numpy as np
import pandas as pd
import pytest
import soundfile

from hybridmusic.errors import ClipError
from hybridmusic.sound import recording

RATE = 44_100


@pytest.fixture
def lowpassed():
    """Make two seconds of noise up to 8 kHz, with an RMS of 0.1."""
    spectrum = np.fft.rfft(np.random.default_rng(0).normal(size=2 * RATE))
    spectrum[2 * 8000 :] = 0
    y = np.fft.irfft(spectrum)
    return 0.1 * y / np.sqrt((y**2).mean())


def test_levels_are_those_of_the_signal(lowpassed):
    levels = recording.levels(lowpassed, RATE)
    assert levels["loudness"] == pytest.approx(-20)
    assert levels["bandwidth"] == pytest.approx(8000, abs=400)  # the window widens it
    assert levels["silence"] == 0
    half = recording.levels(np.concatenate([lowpassed, np.zeros(2 * RATE)]), RATE)
    assert half["loudness"] == pytest.approx(-20 - 10 * np.log10(2))
    assert half["silence"] == pytest.approx(0.5, abs=0.02)
    assert recording.levels(np.zeros(RATE), RATE)["loudness"] == -200


def test_a_file_is_measured_by_its_header_and_its_clip(lowpassed, tmp_path):
    path = tmp_path / "clip.flac"
    silent = np.concatenate([np.zeros(RATE), lowpassed])
    soundfile.write(path, np.stack([silent, silent], axis=1), RATE)
    measures = recording.measure(path, 1.0, 2.0)
    assert measures["bytes"] == path.stat().st_size
    assert measures["seconds"] == 3
    assert (measures["sample_rate"], measures["channels"]) == (RATE, 2)
    assert measures["codec"] == "FLAC/PCM_16"
    assert measures["loudness"] == pytest.approx(-20, abs=0.01)
    assert measures["silence"] == 0
    assert set(measures) == {*recording.MEASURES, "codec"}
    path.write_bytes(b"not sound")
    with pytest.raises(ClipError, match="cannot be decoded"):
        recording.measure(path, 0.0, 1.0)


def test_matrices_have_every_nuisance_alone_and_all_side_by_side():
    table = pd.DataFrame({name: [1.0, 2.0, 4.0] for name in recording.MEASURES})
    matrices = recording.matrices(table.assign(codec=["WAV", "FLAC", "WAV"]))
    assert matrices["bytes"].ravel().tolist() == [0, 1, 2]
    assert matrices["loudness"].ravel().tolist() == [1, 2, 4]
    assert matrices["codec"].tolist() == [[0, 1], [1, 0], [0, 1]]
    assert matrices["all"].shape == (3, 9)
