"""What a recording gives away before any music is heard: its file, its level, its silence.

As `decoding`, this imports nothing heavy, for it runs in the process that decodes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hybridmusic.sound.decoding import opened

if TYPE_CHECKING:
    import pandas as pd

FRAME = 2048  # samples
QUIET = 1e-3  # RMS of a frame, -60 dBFS: below it is silence
FLOOR = 1e-8  # of the spectrum's peak, -80 dB: what a low-pass or a codec leaves out is below
FAINTEST = 1e-10  # RMS, so that digital silence has a level too
LOGARITHMIC = ("bytes", "seconds", "sample_rate")
MEASURES = (*LOGARITHMIC, "channels", "bandwidth", "loudness", "silence")


def measure(path: str | Path, start: float, seconds: float) -> dict:
    """What the file at `path`, and the clip of `seconds` from `start` on, are recorded like.

    Returns
    -------
    bytes, seconds, sample_rate, channels, codec
        Of the whole file, as its header says: seconds, Hz, and format and subtype in one.
    bandwidth : float
        Hz, the highest frequency at which the clip's mean spectrum is within 80 dB of its peak.
    loudness : float
        RMS of the clip, dBFS.
    silence : float
        Share of the clip's frames below -60 dBFS, 0..1.

    Raises ClipError with the reason if the file cannot be decoded.
    """
    with opened(path) as file:
        rate = file.samplerate
        header = {
            "bytes": Path(path).stat().st_size,
            "seconds": file.frames / rate,
            "sample_rate": rate,
            "channels": file.channels,
            "codec": f"{file.format}/{file.subtype}",
        }
        file.seek(min(round(start * rate), file.frames))
        samples = file.read(round(seconds * rate), dtype="float32", always_2d=True)
    return header | levels(samples.mean(axis=1, dtype=np.float64), rate)


def levels(y: np.ndarray, rate: int) -> dict[str, float]:
    """Bandwidth, loudness and silence (see `measure`) of `y`, (samples,) at `rate` Hz."""
    # Of a longer clip the rest beyond whole frames is left out, as padding it would be a click.
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
    """Every nuisance of `table`, of which no field is empty, as (tracks, d), and `all` of them.

    Sizes, lengths and rates are logarithms; codecs are zeros and ones.
    """
    found = {name: np.asarray(table[name], dtype=float)[:, None] for name in MEASURES}
    found |= {name: np.log2(np.maximum(found[name], FAINTEST)) for name in LOGARITHMIC}
    codec = np.asarray(table["codec"], dtype=str)
    found["codec"] = (codec[:, None] == np.unique(codec)).astype(float)
    return {"all": np.hstack(list(found.values())), **found}
