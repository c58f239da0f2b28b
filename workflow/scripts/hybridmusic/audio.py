"""From a clip to the numbers that describe it (paper, section 3.2.2 and 3.2.3)."""

from __future__ import annotations

import librosa
import numpy as np

from hybridmusic.decoding import SAMPLE_RATE, resample

N_FFT = 2048  # samples
HOP = 512  # samples
N_MFCC = 13
STATISTICS = ("mean", "std", "min", "max")
# The thirds of the paper's words: bottom 33 %, middle 34 %, top 33 %.
TERTILES = (33, 67)


def describe(y: np.ndarray, sr: int) -> dict:
    """Describe one mono clip `y` of shape (samples,) at `sr` Hz by the fields of `features`.

    Returns
    -------
    mfcc : float32 of shape (52,)
        mean, std, min and max over time of each of 13 coefficients, coefficient by coefficient.
    tempo : float
        BPM, as `librosa.beat.beat_track` estimates it.
    energy, brightness, rhythm : float
        Mean RMS; mean spectral centroid in Hz; standard deviation of the chromagram.
    energy_low, energy_high, brightness_low, ... : float
        The 33rd and 67th percentile of the clip's own frames, which the per-track word rule of
        the released code compares the clip with (for rhythm: of the deviation within each frame).

    Everything equals librosa's defaults at 22,050 Hz, from one short-time Fourier transform.
    """
    if sr != SAMPLE_RATE:
        y = resample(y, sr)
    magnitude = np.abs(librosa.stft(y, n_fft=N_FFT, hop_length=HOP))
    power = magnitude**2
    mel = librosa.power_to_db(librosa.feature.melspectrogram(S=power, sr=SAMPLE_RATE))
    # The median over bands is what beat_track takes; librosa.feature.tempo takes the mean.
    onsets = librosa.onset.onset_strength(S=mel, sr=SAMPLE_RATE, aggregate=np.median)
    tempo, _ = librosa.beat.beat_track(onset_envelope=onsets, sr=SAMPLE_RATE, hop_length=HOP)
    rms = librosa.feature.rms(y=y, frame_length=N_FFT, hop_length=HOP)[0]
    centroid = librosa.feature.spectral_centroid(S=magnitude, sr=SAMPLE_RATE)[0]
    chroma = librosa.feature.chroma_stft(S=power, sr=SAMPLE_RATE)
    return {
        "mfcc": moments(librosa.feature.mfcc(S=mel, n_mfcc=N_MFCC)),
        "tempo": float(np.atleast_1d(tempo)[0]),
        **_descriptor("energy", rms.mean(), rms),
        **_descriptor("brightness", centroid.mean(), centroid),
        **_descriptor("rhythm", chroma.std(), chroma.std(axis=0)),
    }


def clicks() -> np.ndarray:
    """Three seconds of a ticking chord, which leads `describe` through all that it compiles."""
    t = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE
    chord = sum(np.sin(2 * np.pi * pitch * t) for pitch in (220.0, 277.2, 329.6))
    return (0.2 * chord * np.exp(-8 * (t % 0.5))).astype(np.float32)


def moments(coefficients: np.ndarray) -> np.ndarray:
    """Mean, std, min and max over time of (n, frames), interleaved per coefficient: (4 n,)."""
    statistics = [getattr(coefficients, name)(axis=1) for name in STATISTICS]
    return np.stack(statistics, axis=1).ravel().astype(np.float32)


def _descriptor(name: str, value: float, frames: np.ndarray) -> dict[str, float]:
    low, high = np.percentile(frames, TERTILES)
    return {name: float(value), f"{name}_low": float(low), f"{name}_high": float(high)}
