"""Fingerprints of clips, which survive gain, noise, encoding, resampling and shifts.

After Haitsma and Kalker (2002, A highly robust audio fingerprinting system): a bit is the sign of
the change over time of the difference between neighbouring bands. Chromaprint is no alternative
here: a clip of 3 s has three of its words, and no package brings its library.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from hybridmusic.sound import spectra
from hybridmusic.sound.decoding import SAMPLE_RATE

BITS = 32  # of a word
LOWEST, HIGHEST = 200.0, 4000.0  # Hz, which encoders and telephones keep
# Longer sums make bits steadier, as frames of a shifted copy are up to half a hop away from those
# of the original. A word covers SUMMED + STEP frames, 0.28 s.
SUMMED, STEP = 8, 4  # frames
# Share of the loudest word's power, -40 dB. Encoders and noise change what is below it.
QUIET = 1e-4
NO_SOUND = 0  # the word of quiet frames, which matches nothing


def fingerprint(power: np.ndarray) -> np.ndarray:
    """Return the words of a clip, int32, from `power` (frames, 1025): (frames - 11,).

    A word has 32 bits, and begins every 512 samples, 23 ms. It is NO_SOUND where the clip is quiet.
    The result is empty for clips of under twelve frames.
    """
    first, weights = _bands()
    # In double precision, because a sum is a difference of two cumulative ones.
    bands = (power[:, first : first + len(weights)] @ weights).astype(np.float64)
    totals = np.cumsum(np.pad(bands, [(1, 0), (0, 0)]), axis=0)
    sums = totals[SUMMED:] - totals[:-SUMMED]
    differences = np.diff(sums, axis=1)
    bits = differences[STEP:] > differences[:-STEP]
    words = np.packbits(bits, axis=1, bitorder="little").view("<i4").ravel().astype(np.int32)
    level = sums.sum(axis=1)
    loud = np.maximum(level[STEP:], level[:-STEP])
    words[loud <= QUIET * loud.max(initial=0)] = NO_SOUND
    return words


@cache
def _bands() -> tuple[int, np.ndarray]:
    """Return BITS + 1 bands at equal ratios, and the bin they start at: weights (bins, bands).

    A bin on the border of two bands is divided between them.
    """
    edges = np.geomspace(LOWEST, HIGHEST, BITS + 2) * spectra.N_FFT / SAMPLE_RATE
    first, last = int(edges[0] + 0.5), int(edges[-1] + 0.5)
    bins = np.arange(first, last + 1)[:, None]
    shares = np.minimum(bins + 0.5, edges[1:]) - np.maximum(bins - 0.5, edges[:-1])
    return first, np.maximum(shares, 0).astype(np.float32)
