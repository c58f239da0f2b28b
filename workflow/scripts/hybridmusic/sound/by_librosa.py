"""Features of a clip by librosa itself, a call of it for each: what `features` is compared with."""

from __future__ import annotations

from pathlib import Path

import librosa
import numpy as np
import soundfile

from hybridmusic.sound.decoding import SAMPLE_RATE


def describe(y: np.ndarray) -> dict:
    """Return the fields of `features.describe` for a clip `y` (samples,) at 22,050 Hz."""
    mfcc = librosa.feature.mfcc(y=y, sr=SAMPLE_RATE, n_mfcc=13)
    rms = librosa.feature.rms(y=y)[0]
    centroid = librosa.feature.spectral_centroid(y=y, sr=SAMPLE_RATE)[0]
    chroma = librosa.feature.chroma_stft(y=y, sr=SAMPLE_RATE)
    tempo, _ = librosa.beat.beat_track(y=y, sr=SAMPLE_RATE)
    fields = {
        "mfcc": np.array([f(row) for row in mfcc for f in (np.mean, np.std, np.min, np.max)]),
        "tempo": float(np.ravel(tempo)[0]),
        **{"energy": rms.mean(), "brightness": centroid.mean(), "rhythm": chroma.std()},
    }
    for name, frames in (("energy", rms), ("brightness", centroid), ("rhythm", chroma.std(axis=0))):
        fields[f"{name}_low"], fields[f"{name}_high"] = np.percentile(frames, (33, 67))
    return fields


def describe_file(path: str | Path, start: float, seconds: float) -> dict:
    """Decode a clip, `start` and `seconds` in s, and describe it, all by librosa."""
    rate = soundfile.info(path).samplerate
    # librosa takes whole samples by rounding down, where the workflow rounds to the nearest.
    offset, duration = ((round(time * rate) + 0.5) / rate for time in (start, seconds))
    y, _ = librosa.load(path, sr=SAMPLE_RATE, offset=offset, duration=duration)
    return describe(y)
