"""Filter banks and tuning equal librosa's."""

import librosa
import numpy as np
import pytest
from samples import RATE, TIME

from hybridmusic.sound import spectra

pytestmark = pytest.mark.usefixtures("librosa_alone")


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
