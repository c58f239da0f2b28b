"""Nuisances of signals whose level, bandwidth and silence are known."""

import numpy as np
import pandas as pd
import pytest
import soundfile

from hybridmusic.errors import ClipError
from hybridmusic.sound import recording

RATE = 44_100


@pytest.fixture
def lowpassed():
    """Two seconds of noise that ends at 8 kHz, with an RMS of 0.1."""
    spectrum = np.fft.rfft(np.random.default_rng(0).normal(size=2 * RATE))
    spectrum[2 * 8000 :] = 0
    y = np.fft.irfft(spectrum)
    return 0.1 * y / np.sqrt((y**2).mean())


def test_levels_are_those_of_the_signal(lowpassed):
    found = recording.levels(lowpassed, RATE)
    assert found["loudness"] == pytest.approx(-20)
    assert found["bandwidth"] == pytest.approx(8000, abs=400)  # the skirt of its window
    assert found["silence"] == 0
    half = recording.levels(np.concatenate([lowpassed, np.zeros(2 * RATE)]), RATE)
    assert half["loudness"] == pytest.approx(-20 - 10 * np.log10(2))
    assert half["silence"] == pytest.approx(0.5, abs=0.02)
    assert recording.levels(np.zeros(RATE), RATE)["loudness"] == -200


def test_a_file_is_measured_by_its_header_and_its_clip(lowpassed, tmp_path):
    path = tmp_path / "clip.flac"
    silent = np.concatenate([np.zeros(RATE), lowpassed])
    soundfile.write(path, np.stack([silent, silent], axis=1), RATE)
    found = recording.measure(path, 1.0, 2.0)
    assert found["bytes"] == path.stat().st_size
    assert found["seconds"] == 3
    assert (found["sample_rate"], found["channels"]) == (RATE, 2)
    assert found["codec"] == "FLAC/PCM_16"
    assert found["loudness"] == pytest.approx(-20, abs=0.01)
    assert found["silence"] == 0
    assert set(found) == {*recording.MEASURES, "codec"}
    path.write_bytes(b"not sound")
    with pytest.raises(ClipError, match="cannot be decoded"):
        recording.measure(path, 0.0, 1.0)


def test_matrices_have_every_nuisance_alone_and_all_side_by_side():
    table = pd.DataFrame({name: [1.0, 2.0, 4.0] for name in recording.MEASURES})
    found = recording.matrices(table.assign(codec=["WAV", "FLAC", "WAV"]))
    assert found["bytes"].ravel().tolist() == [0, 1, 2]
    assert found["loudness"].ravel().tolist() == [1, 2, 4]
    assert found["codec"].tolist() == [[0, 1], [1, 0], [0, 1]]
    assert found["all"].shape == (3, 9)
