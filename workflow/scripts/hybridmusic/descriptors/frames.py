"""How the timbre of a clip goes on: equal windows one after the other, for what reads sequences."""

from __future__ import annotations

import numpy as np

from hybridmusic.sound import spectra

TABLES = False

WINDOWS, N_MFCC = 12, 13
GROUPS = {
    f"window {window + 1}": [f"window{window + 1}_mfcc{n + 1}" for n in range(N_MFCC)]
    for window in range(WINDOWS)
}
ASIDE = ()


def describe(sound: spectra.Sound) -> np.ndarray:
    """Mean MFCCs of each window, window by window: (156,).

    Each is a twelfth of the clip, a quarter of a second of three; a clip of fewer frames than that
    has some of them in several windows.
    """
    mfcc = spectra.mfcc(sound.mel, N_MFCC)
    starts = np.arange(WINDOWS) * len(mfcc) // WINDOWS
    stops = np.maximum(np.append(starts[1:], len(mfcc)), starts + 1)
    windows = zip(starts, stops, strict=True)
    return np.concatenate([mfcc[start:stop].mean(axis=0) for start, stop in windows])
