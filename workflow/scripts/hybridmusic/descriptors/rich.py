"""Describe timbre, its change, pitch and rhythm in more detail than the paper.

Columns that are also in the CSV which Kaggle ships with GTZAN have the same names.
"""

from __future__ import annotations

import numpy as np

from hybridmusic.sound import spectra
from hybridmusic.sound.decoding import SAMPLE_RATE

TABLES = True

N_MFCC = 20
UPPER = np.triu_indices(N_MFCC)
SHAPES = (
    *("rms", "spectral_centroid", "spectral_bandwidth", "rolloff", "flatness"),
    "zero_crossing_rate",
)
# Tempi at which the tempogram is read: three octaves in steps of two semitones.
TEMPI = np.geomspace(40, 320, 19)  # BPM
LAGS = 60 * SAMPLE_RATE / spectra.HOP / TEMPI  # frames


def _mean_and_std(names) -> list[str]:
    return [f"{name}_{statistic}" for statistic in ("mean", "std") for name in names]


COEFFICIENTS = [f"mfcc{number + 1}" for number in range(N_MFCC)]
GROUPS = {
    "mfcc means": [f"{name}_mean" for name in COEFFICIENTS],
    "mfcc deviations": [f"{name}_std" for name in COEFFICIENTS],
    "mfcc delta deviations": [f"{name}_delta_std" for name in COEFFICIENTS],
    "mfcc covariance": [f"mfcc{i + 1}_{j + 1}_log_covariance" for i, j in zip(*UPPER, strict=True)],
    "spectral shape": _mean_and_std(SHAPES),
    "spectral contrast": _mean_and_std([f"contrast{number + 1}" for number in range(7)]),
    "chroma": _mean_and_std([f"chroma{number}" for number in range(12)]),
    "rhythm": ["tempo", "onset_mean", "onset_std", *(f"tempogram_{bpm:.0f}" for bpm in TEMPI)],
}


def describe(sound: spectra.Sound) -> np.ndarray:
    """Return the values of all of GROUPS, (342,).

    Means and deviations are over frames. Chroma starts at the strongest pitch class, `chroma0`, so
    that a piece and its transposition have the same values.
    """
    mfcc = spectra.mfcc(sound.mel, N_MFCC)
    shapes = np.stack(
        [
            sound.rms,
            sound.centroid,
            spectra.bandwidth(sound.magnitude, sound.centroid),
            spectra.rolloff(sound.magnitude),
            spectra.flatness(sound.power),
            spectra.zero_crossings(sound.y),
        ],
        axis=1,
    )
    strongest = sound.chroma.mean(axis=0).argmax()
    onsets = spectra.onset_strength(sound.mel, lambda rises: rises.mean(axis=1))
    return np.concatenate(
        [
            mean_and_std(mfcc),
            spectra.delta(mfcc).std(axis=0),
            log_covariance(mfcc)[UPPER],
            mean_and_std(shapes),
            mean_and_std(spectra.contrast(sound.magnitude)),
            mean_and_std(np.roll(sound.chroma, -strongest, axis=1)),
            [sound.tempo, onsets.mean(), onsets.std()],
            tempogram(onsets),
        ]
    )


def mean_and_std(values: np.ndarray) -> np.ndarray:
    """Return the means of all columns of `values`, then their deviations: (2 columns,)."""
    return np.concatenate([values.mean(axis=0), values.std(axis=0)])


def log_covariance(mfcc: np.ndarray) -> np.ndarray:
    """Return the matrix logarithm of the covariance of the columns of `mfcc`, (n, n).

    It makes the space of covariances flat, so that Euclidean distances between entries are
    meaningful (Arsigny et al. 2006, Log-Euclidean metrics). A small variance of 1 dB² is added,
    because few frames leave directions without any variance.
    """
    covariance = np.cov(mfcc, rowvar=False, bias=True) + np.eye(mfcc.shape[1])
    variances, axes = np.linalg.eigh(covariance)
    return (axes * np.log(variances)) @ axes.T


def tempogram(onsets: np.ndarray) -> np.ndarray:
    """Return how strongly onsets repeat at each of TEMPI, up to 1: (19,)."""
    strengths = spectra.tempogram(onsets)
    return np.interp(LAGS, np.arange(len(strengths)), strengths)
