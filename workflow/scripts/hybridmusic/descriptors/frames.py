"""Describe a clip as a sequence of equal windows, for networks that read sequences."""

from __future__ import annotations

import numpy as np

from hybridmusic.sound import spectra

WINDOWS, N_MFCC = 12, 13
GROUPS = {
    f"window {window + 1}": [f"window{window + 1}_mfcc{n + 1}" for n in range(N_MFCC)]
    for window in range(WINDOWS)
}


def describe(sound: spectra.Sound) -> np.ndarray:
    """Return the mean MFCCs of each window, window by window: (156,).

    A window is a twelfth of the clip, 0.25 s of 3 s. In a clip of fewer than twelve frames some
    frames are in several windows.
    """
    mfcc = spectra.mfcc(sound.mel, N_MFCC)
    starts = np.arange(WINDOWS) * len(mfcc) // WINDOWS
    stops = np.maximum(np.append(starts[1:], len(mfcc)), starts + 1)
    windows = zip(starts, stops, strict=True)
    return np.concatenate([mfcc[start:stop].mean(axis=0) for start, stop in windows])
