"""Nuisances of a recording, which are not music: its file, level, bandwidth and silence.

Like `decoding`, this imports nothing heavy, because it runs in the decoding process.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hybridmusic.sound.reading import opened

if TYPE_CHECKING:
    import pandas as pd

FRAME = 2048  # samples
QUIET = 1e-3  # RMS of a frame; frames below it, -60 dBFS, are silent
FLOOR = 1e-8  # of the spectrum's peak power, -80 dB; frequencies cut by a low-pass are below it
FAINTEST = 1e-10  # least RMS, so that digital silence has a level in dB
LOGARITHMIC = ("bytes", "seconds", "sample_rate")
MEASURES = (*LOGARITHMIC, "channels", "bandwidth", "loudness", "silence")


def measure(path: str | Path, start: float, seconds: float) -> dict:
    """Measure the recording of a clip, `start` and `seconds` in s; ClipError if undecodable.

    Of the whole file: `bytes`, `seconds`, `sample_rate` in Hz, `channels` and
    `codec` (`format/subtype`). Of the clip: `bandwidth`, the highest frequency at which its mean
    spectrum is within 80 dB of its peak, Hz; `loudness`, its RMS, dBFS; `silence`, the share of its
    frames below -60 dBFS, 0..1.
    """
    with opened(path) as sound:
        rate = sound.rate
        header = {
            "bytes": Path(path).stat().st_size,
            "seconds": sound.count() / rate,
            "sample_rate": rate,
            "channels": sound.channels,
            "codec": sound.codec,
        }
        samples = sound.read(round(start * rate), round(seconds * rate))
    return header | levels(samples.mean(axis=1, dtype=np.float64), rate)


def levels(y: np.ndarray, rate: int) -> dict[str, float]:
    """Compute bandwidth, loudness and silence (see `measure`) of `y`, (samples,) at `rate` Hz."""
    # Only a clip shorter than a frame is padded; padding a longer one would add a click.
    whole = np.pad(y, (0, max(0, FRAME - len(y))))
    frames = whole[: len(whole) // FRAME * FRAME].reshape(-1, FRAME)
    power = (np.abs(np.fft.rfft(frames * np.hanning(FRAME))) ** 2).mean(axis=0)
    loud = np.flatnonzero(power >= FLOOR * power.max())
    rms = np.sqrt((frames**2).mean(axis=1))
    return {
        "bandwidth": float(loud.max() * rate / FRAME),
        "loudness": float(20 * np.log10(max(np.sqrt((y**2).mean()), FAINTEST))),
        "silence": float((rms < QUIET).mean()),
    }


def matrices(table: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return each nuisance as a matrix (tracks, d), and `all` of them side by side.

    Sizes, lengths and rates become logarithms, and codecs indicators. `table` has no empty field.
    """
    columns = {name: np.asarray(table[name], dtype=float)[:, None] for name in MEASURES}
    columns |= {name: np.log2(np.maximum(columns[name], FAINTEST)) for name in LOGARITHMIC}
    codec = np.asarray(table["codec"], dtype=str)
    columns["codec"] = (codec[:, None] == np.unique(codec)).astype(float)
    return {"all": np.hstack(list(columns.values())), **columns}
