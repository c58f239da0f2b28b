"""Features of a clip: MFCC moments and four descriptors (paper, sections 3.2.2 and 3.2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hybridmusic import kinds
from hybridmusic.sound import spectra
from hybridmusic.sound.decoding import SAMPLE_RATE, load_clip, resample
from hybridmusic.sound.fingerprint import fingerprint

N_MFCC = 13
STATISTICS = ("mean", "std", "min", "max")
# Percentiles between the paper's words: bottom 33 %, middle 34 %, top 33 %.
TERTILES = (33, 67)


def describe(y: np.ndarray, sr: int) -> dict:
    """Describe a mono clip `y` (samples,) at `sr` Hz by the columns of `features.parquet`.

    All values equal librosa's with its defaults at 22,050 Hz, to which others are resampled, within
    a thousandth. `mfcc` (52,) is mean, std, min and max over time of each of 13 coefficients,
    coefficient by coefficient. `tempo` is in BPM, as `librosa.beat.beat_track` estimates it.
    `energy` is the mean RMS, `brightness` the mean spectral centroid in Hz, and `rhythm` the
    standard deviation of the chromagram. Of each, `_low` and `_high` are the 33rd and 67th
    percentile of the clip's own frames (for rhythm: of the deviation within each frame), with which
    the per-track word rule of the released code compares the clip.
    """
    if sr != SAMPLE_RATE:
        y = resample(y, sr)
    return described(spectra.Sound(y))


def described(sound: spectra.Sound) -> dict:
    """Describe a clip as `describe` does, from spectra that other descriptors share."""
    rms, centroid, chroma = sound.rms, sound.centroid, sound.chroma
    frames = {"energy": rms, "brightness": centroid, "rhythm": chroma.std(axis=1)}
    values = {"energy": rms.mean(), "brightness": centroid.mean(), "rhythm": chroma.std()}
    fields = {"mfcc": moments(spectra.mfcc(sound.mel, N_MFCC).T), "tempo": sound.tempo}
    tertiles = np.percentile(list(frames.values()), TERTILES, axis=1)
    for name, low, high in zip(frames, *tertiles, strict=True):
        fields |= {name: values[name], f"{name}_low": low, f"{name}_high": high}
    return {name: value if name == "mfcc" else float(value) for name, value in fields.items()}


def describe_file(
    path: str | Path, start: float, seconds: float, min_seconds: float, also: Sequence[str] = ()
) -> dict:
    """Decode a clip and describe it, as `load_clip` and `describe` do; ClipError if unusable.

    To their fields are added `also`, the values of these sets of descriptors, one after the other,
    float32, and `fingerprint`, the words of `fingerprint.fingerprint`.
    """
    sound = spectra.Sound(load_clip(path, start, seconds, min_seconds))
    values = [kinds.load("descriptors", name).describe(sound) for name in also]
    return described(sound) | {
        "also": np.concatenate([*values, []]).astype(np.float32),
        "fingerprint": fingerprint(sound.power),
    }


def moments(coefficients: np.ndarray) -> np.ndarray:
    """Compute mean, std, min and max over time of (n, frames), by coefficient: (4 n,) float32."""
    statistics = [getattr(coefficients, name)(axis=1) for name in STATISTICS]
    return np.stack(statistics, axis=1).ravel().astype(np.float32)
