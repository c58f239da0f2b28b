"""Describe scale, drone and rhythmic cycle, which distinguish music of South Asia.

The tonic is estimated, so that scales are compared at any pitch, and so is the beat, so that cycles
are compared at any tempo. Both estimates improve with the length of a clip. On clips of the
embedded corpus, whose tonics and cycles are known, the tonic is right for half of the clips of 3 s,
for three quarters of those of 12 s, and for nine tenths with a drone. Clips of 3 s are too short
for cycles; in clips of 12 s, threes and fours are distinguished in four of five cases.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import fft, ndimage

from hybridmusic.sound import spectra
from hybridmusic.sound.decoding import SAMPLE_RATE

OCTAVE = 120  # bins of ten cents
SEMITONE = OCTAVE // 12
FIFTH = 7 * SEMITONE
# Weight of a pitch class's fifth in the choice of the tonic: drones sound both.
SUPPORT = 0.6
PITCHES = slice(*np.searchsorted(spectra.FREQUENCIES, (60.0, 3000.0)))
FAINT = 1e-3  # least power of a peak, as a share of the frame's largest
BLUR = 20.0  # cents, standard deviation by which a pitch is blurred
PARTIALS = {FIFTH: 0.2, 39: 0.2}  # classes of third and fifth partials, and their strength
DEGREES = 36  # bins of a scale, three to a semitone
NEAR = 30.0  # cents around the tonic that count as the tonic
STEADY = 0.1  # least share of a drone in nearly every frame
FIVE = 0.9  # least share of five degrees in a pentatonic scale

BANDS = (slice(0, 8), slice(8, 40), slice(40, 128))  # mel bands: below 230 Hz, 1.1 kHz, and above
RATE = SAMPLE_RATE / spectra.HOP  # frames per second
LOOSE = 1.5  # frames, by which onsets are smoothed, because no beat is exact to a frame
# Slowest, likeliest and fastest tempo of a beat, and the width of the preference in octaves.
SLOWEST, USUAL, FASTEST, WIDTH = 40.0, 120.0, 240.0, 0.5  # BPM
LONGEST = spectra.WINDOW  # frames, the longest lag
# Multiples of the beat after which a rhythm may repeat.
MULTIPLES = np.array(
    [
        *(1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1, 3 / 2, 2, 5 / 2),
        *(3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16),
    ]
)
CYCLES = np.array([3, 4, 5, 6, 7, 8, 10, 12, 16])  # beats
SCALES = 30  # scales of the transform, a quarter of a cycle per e-fold apart
SHORTEST = 0.15  # s, the shortest lag; the width of an onset does not depend on tempo

CLEAR = 0.05  # least excess of repetition after whole cycles over that after other beats
ENOUGH = 8  # least beats in a clip before a cycle is named

GROUPS = {
    "scale": [f"scale_{100 * degree / 3:.0f}" for degree in range(DEGREES)],  # cents
    "drone and intonation": ["tonic_share", "tonic_share_least", "off_grid", "pitch_entropy"],
    "metre": [
        *(f"{band}_after_{beats:.2f}" for band in ("low", "middle", "high") for beats in MULTIPLES),
        *(f"cycle_{beats}" for beats in CYCLES),
    ],
    "scale transform": [
        f"{band}_scale_{n}" for band in ("low", "middle", "high") for n in range(SCALES)
    ],
}
# Columns that sentences have words for.
SAID = ("scale", "drone", "cycle")
ASIDE = ("tonic", *SAID)  # cents above C
PENTATONIC, MAJOR, MINOR, FLAT_SECOND = range(4)


def describe(sound: spectra.Sound) -> np.ndarray:
    """Return the values of all of GROUPS and ASIDE, (203,)."""
    frames, hertz, strength = peaks(sound.power)
    pitches = histogram(hertz, strength)
    of_tonic = tonic(pitches)
    correlations = repetition(sound.mel)
    correlation = correlations.mean(axis=1)
    beat = beat_of(correlation)
    shares = drone(frames, hertz, strength, of_tonic, len(sound.power))
    after_cycles = cycles(correlation, beat)
    return np.concatenate(
        [
            scale(pitches, of_tonic),
            shares,
            [off_grid(pitches, of_tonic), entropy(pitches)],
            after_beats(correlations, beat).T.ravel(),
            after_cycles,
            scale_transform(correlations).T.ravel(),
            [(of_tonic * 10 + 900) % 1200, likeness(pitches, of_tonic), shares[1] > STEADY],
            [name_of_cycle(after_cycles, np.count_nonzero(correlation) / beat)],
        ]
    )


# --- pitch ---------------------------------------------------------------------------------------


def peaks(power: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the peaks of spectra `power` (frames, 1025): frames, Hz, and roots of magnitudes.

    Each peak is interpolated by a parabola through the logarithms around it.
    """
    loud = power[:, PITCHES] > np.float32(FAINT) * power.max(axis=1, keepdims=True)
    frames, bins = np.nonzero(loud)
    bins += PITCHES.start
    before, peak, after = (power[frames, bins + step] for step in (-1, 0, 1))
    is_peak = (peak > before) & (peak >= after)
    frames, bins = frames[is_peak], bins[is_peak]
    before, peak, after = (
        np.log(np.maximum(side[is_peak], spectra.TINY)) for side in (before, peak, after)
    )
    shift = (before - after) / np.minimum(2 * (before - 2 * peak + after), -spectra.TINY)
    strength = np.exp((peak - (before - after) * shift / 4) / 4)
    return frames, (bins + shift) * (SAMPLE_RATE / spectra.N_FFT), strength


def histogram(hertz: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Return the share of each pitch class, from A on in bins of ten cents: (120,), sum 1.

    A pitch is divided between the two bins around it, and blurred. All are zero without pitches.
    """
    counts = _spread(OCTAVE * np.log2(hertz / spectra.A440), strength, OCTAVE)
    blurred = fft.irfft(fft.rfft(counts) * _blur(), OCTAVE)
    return blurred / max(blurred.sum(), spectra.TINY)


def tonic(pitches: np.ndarray) -> int:
    """Estimate the bin of the tonic from a histogram of pitch classes.

    It is the class that is strongest together with its fifth, as in a drone. Gulati et al. (2014,
    Automatic tonic identification in Indian art music: approaches and evaluation) compare methods.
    """
    return int(np.argmax(pitches + SUPPORT * np.roll(pitches, -FIFTH)))


def scale(pitches: np.ndarray, tonic: int) -> np.ndarray:
    """Return `pitches` from the tonic on, in thirds of a semitone: (36,).

    Bins are finer than semitones, because the degrees of a raga are not tempered (Koduri et al.
    2014, Intonation analysis of ragas in Carnatic music).
    """
    return _spread(np.arange(OCTAVE) * DEGREES / OCTAVE, np.roll(pitches, -tonic), DEGREES)


def likeness(pitches: np.ndarray, tonic: int) -> int:
    """Classify the scale as PENTATONIC, MAJOR, MINOR or FLAT_SECOND.

    Partials of other pitches are subtracted first, or every tonic would have a fifth and a major
    third.
    """
    partials = sum(share * np.roll(pitches, away) for away, share in PARTIALS.items())
    played = scale(np.maximum(pitches - partials, 0), tonic)
    semitones = np.roll(played / max(played.sum(), spectra.TINY), 1).reshape(12, 3).sum(axis=1)
    if max(semitones[[0, 2, 4, 7, 9]].sum(), semitones[[0, 3, 5, 7, 10]].sum()) > FIVE:
        return PENTATONIC
    if semitones[1] > semitones[2]:
        return FLAT_SECOND
    return MAJOR if semitones[4] >= semitones[3] else MINOR


def drone(
    frames: np.ndarray, hertz: np.ndarray, strength: np.ndarray, tonic: int, n_frames: int
) -> np.ndarray:
    """Return the tonic's share of a frame: the median and the tenth percentile, (2,)."""
    away = np.abs((1200 * np.log2(hertz / spectra.A440) - 10 * tonic + 600) % 1200 - 600)
    own = np.bincount(frames, strength * (away < NEAR), n_frames)
    shares = own / np.maximum(np.bincount(frames, strength, n_frames), spectra.TINY)
    return np.percentile(shares, (50, 10))


def off_grid(pitches: np.ndarray, tonic: int) -> float:
    """Return the distance of pitches from semitones above the tonic: 0, or 1 halfway between."""
    steps = np.arange(OCTAVE) % SEMITONE
    away = np.minimum(steps, SEMITONE - steps) / (SEMITONE / 2)
    return float(np.roll(pitches, -tonic) @ away)


def entropy(pitches: np.ndarray) -> float:
    """Return the entropy of pitch classes, from 0 for a single one to 1 for equal shares."""
    positive = pitches[pitches > 0]
    return float(-(positive * np.log(positive)).sum() / np.log(OCTAVE))


# --- rhythm --------------------------------------------------------------------------------------


def repetition(mel: np.ndarray) -> np.ndarray:
    """Return the autocorrelation of onsets at each lag, for each of BANDS: (LONGEST, 3).

    It is 1 at lag 0, and corrected for the fewer frames of longer lags. Lags beyond four fifths of
    the clip are 0.
    """
    rises = np.maximum(np.diff(mel, axis=0, prepend=mel[:1]), 0)
    onsets = np.stack([rises[:, band].mean(axis=1) for band in BANDS], axis=1)
    onsets = ndimage.gaussian_filter1d(onsets, LOOSE, axis=0)
    onsets -= onsets.mean(axis=0)
    n = len(onsets)
    size = fft.next_fast_len(2 * n, real=True)
    spectrum = fft.rfft(onsets, size, axis=0)
    products = fft.irfft(spectrum.real**2 + spectrum.imag**2, size, axis=0)
    known = min(LONGEST, int(0.8 * n))
    correlations = np.zeros((LONGEST, len(BANDS)))
    overlap = (1 - np.arange(known) / n)[:, None]
    correlations[:known] = products[:known] / np.maximum(products[0], spectra.TINY) / overlap
    return correlations


def beat_of(correlation: np.ndarray) -> float:
    """Return the lag of the beat, in frames: the highest peak, weighted by likely tempi."""
    lags = np.arange(int(60 * RATE / FASTEST), int(60 * RATE / SLOWEST) + 1)
    before, peak, after = (correlation[lags + step] for step in (-1, 0, 1))
    likely = np.exp(-0.5 * (np.log2(60 * RATE / lags / USUAL) / WIDTH) ** 2)
    heights = np.where((peak >= before) & (peak >= after) & (peak > 0), peak * likely, 0)
    if not heights.any():
        return 60 * RATE / USUAL
    best = heights.argmax()
    bend = before[best] - 2 * peak[best] + after[best]
    return float(lags[best] + (before[best] - after[best]) / 2 / min(bend, -spectra.TINY))


def after_beats(correlations: np.ndarray, beat: float) -> np.ndarray:
    """Return the autocorrelation of onsets at each of MULTIPLES of the beat: (20, 3).

    It shows the pattern of accents at any tempo; that of low strokes distinguishes taals
    (Srinivasamurthy et al. 2014, In search of automatic rhythm analysis methods for Turkish and
    Indian art music).
    """
    lags = np.arange(len(correlations))
    return np.stack([np.interp(beat * MULTIPLES, lags, one) for one in correlations.T], axis=1)


def cycles(correlation: np.ndarray, beat: float) -> np.ndarray:
    """Return the excess of repetition after whole cycles over that after other beats: (9,).

    It is 0 for cycles that are longer than the lags, or without other beats to compare with.
    """
    beats = np.arange(1, int(np.count_nonzero(correlation) / beat) + 1)
    heights = np.interp(beats * beat, np.arange(len(correlation)), correlation)
    excess = np.zeros(len(CYCLES))
    for number, length in enumerate(CYCLES):
        whole = beats % length == 0
        if whole.any():
            excess[number] = heights[whole].mean() - heights[~whole].mean()
    return excess


def name_of_cycle(after_cycles: np.ndarray, beats: float) -> int:
    """Return the number of the clearest of CYCLES, from 1; 0 if none is clear or beats are few."""
    if beats < ENOUGH or after_cycles.max() < CLEAR:
        return 0
    return 1 + int(after_cycles.argmax())


def scale_transform(correlations: np.ndarray) -> np.ndarray:
    """Return the magnitudes of the scale transform of each band: (30, 3), sum 1 per band.

    They do not change when a rhythm is stretched (Holzapfel and Stylianou 2011, Scale transform in
    rhythmic similarity of music).
    """
    magnitudes = np.abs(_scales().T @ correlations[1:])
    return magnitudes / np.maximum(magnitudes.sum(axis=0), spectra.TINY)


def _spread(positions: np.ndarray, weights: np.ndarray, bins: int) -> np.ndarray:
    """Sum weights in circular bins, each divided between the two bins around its position."""
    below = np.floor(positions).astype(int)
    share = positions - below
    low = np.bincount(below % bins, weights * (1 - share), bins)
    return low + np.bincount((below + 1) % bins, weights * share, bins)


@cache
def _blur() -> np.ndarray:
    """Return the Fourier transform of a circular Gaussian, (61,)."""
    steps = np.arange(OCTAVE)
    cents = np.minimum(steps, OCTAVE - steps) * (1200 / OCTAVE)
    bump = np.exp(-0.5 * (cents / BLUR) ** 2)
    return fft.rfft(bump / bump.sum())


@cache
def _scales() -> np.ndarray:
    """Return kernels of the scale transform with faded ends, (LONGEST - 1, 30), from lag 1 on."""
    seconds = np.arange(1, LONGEST)[:, None] / RATE
    share = np.log(seconds / SHORTEST) / np.log(seconds[-1] / SHORTEST)
    faded = np.sqrt(np.sin(np.pi * np.clip(share, 0, 1)))
    return faded * seconds ** (-0.5 - 0.5j * np.pi * np.arange(SCALES))
