"""Descriptions that music of South Asia is told by: its scale over a tonic, its drone, its cycle.

The tonic is looked for in the sound, so that scales are compared wherever they are sung, and the
beat, so that cycles are compared at whatever tempo. Both are guesses: the longer a clip, the
better. On clips of the embedded corpus, whose tonics and cycles are known, the tonic is right for
half of those of three seconds, for three of four of twelve, and for nine of ten with a drone. A
cycle is out of reach of three seconds, and threes are told from fours in four of five of twelve.
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
# How much of a class's fifth counts for its being the tonic: drones sound both.
SUPPORT = 0.6
PITCHES = slice(*np.searchsorted(spectra.FREQUENCIES, (60.0, 3000.0)))
FAINT = 1e-3  # of a frame's largest power, that peaks have to reach
BLUR = 20.0  # cents, by which a pitch is spread over its neighbours
PARTIALS = {FIFTH: 0.2, 39: 0.2}  # classes of third and fifth partials, and how strong they are
DEGREES = 36  # bins of a scale, three to a semitone
NEAR = 30.0  # cents around the tonic that are its own
STEADY = 0.1  # of nearly every frame, that a drone is
FIVE = 0.9  # of a scale that five degrees have to be for it to be pentatonic

BANDS = (slice(0, 8), slice(8, 40), slice(40, 128))  # mel bands: below 230 Hz, 1.1 kHz, and above
RATE = SAMPLE_RATE / spectra.HOP  # frames per second
LOOSE = 1.5  # frames, by which onsets are smoothed, for no beat is played to the frame
# Beats are looked for between these, the nearer to the middle the sooner, by this many octaves.
SLOWEST, USUAL, FASTEST, WIDTH = 40.0, 120.0, 240.0, 0.5  # BPM
LONGEST = spectra.WINDOW  # frames, of a rhythm
# Multiples of the beat after which a rhythm may repeat.
MULTIPLES = np.array(
    [
        *(1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1, 3 / 2, 2, 5 / 2),
        *(3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16),
    ]
)
CYCLES = np.array([3, 4, 5, 6, 7, 8, 10, 12, 16])  # beats
SCALES = 30  # of the scale transform, a quarter of a cycle per e-fold apart
SHORTEST = 0.15  # s, of what it sees; the width of an onset stays at another tempo

CLEAR = 0.05  # by which onsets have to repeat better after whole cycles than after other beats
ENOUGH = 8  # beats, that have to be heard before a cycle is named

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
# What sentences can say: places in their words for scales, drones and cycles.
SAID = ("scale", "drone", "cycle")
ASIDE = ("tonic", *SAID)  # cents above C
PENTATONIC, MAJOR, MINOR, FLAT_SECOND = range(4)


def describe(sound: spectra.Sound) -> np.ndarray:
    """The values of all of GROUPS and ASIDE, (203,)."""
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
    """Peaks of the spectra `power`, (frames, 1025): their frames, Hz, and roots of magnitudes.

    Each is interpolated by a parabola through the logarithms around it.
    """
    loud = power[:, PITCHES] > np.float32(FAINT) * power.max(axis=1, keepdims=True)
    frames, bins = np.nonzero(loud)
    bins += PITCHES.start
    before, peak, after = (power[frames, bins + step] for step in (-1, 0, 1))
    found = (peak > before) & (peak >= after)
    frames, bins = frames[found], bins[found]
    before, peak, after = (
        np.log(np.maximum(side[found], spectra.TINY)) for side in (before, peak, after)
    )
    shift = (before - after) / np.minimum(2 * (before - 2 * peak + after), -spectra.TINY)
    strength = np.exp((peak - (before - after) * shift / 4) / 4)
    return frames, (bins + shift) * (SAMPLE_RATE / spectra.N_FFT), strength


def histogram(hertz: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """How strong each pitch class is, from A on in bins of ten cents: (120,), 1 in all.

    A pitch counts for the two bins around it, and is blurred. All zeros where there is none.
    """
    counts = _spread(OCTAVE * np.log2(hertz / spectra.A440), strength, OCTAVE)
    blurred = fft.irfft(fft.rfft(counts) * _blur(), OCTAVE)
    return blurred / max(blurred.sum(), spectra.TINY)


def tonic(pitches: np.ndarray) -> int:
    """The bin of the pitch class that the music rests on, as far as `pitches` tell.

    It is the one that is strongest together with its fifth, as those of a drone are (Gulati et al.
    2014, Automatic tonic identification in Indian art music: approaches and evaluation, compare
    what may be looked for).
    """
    return int(np.argmax(pitches + SUPPORT * np.roll(pitches, -FIFTH)))


def scale(pitches: np.ndarray, tonic: int) -> np.ndarray:
    """`pitches` from the tonic on, in thirds of a semitone: (36,).

    Finer than semitones, for the degrees of a raga are not tempered (Koduri et al. 2014,
    Intonation analysis of ragas in Carnatic music).
    """
    return _spread(np.arange(OCTAVE) * DEGREES / OCTAVE, np.roll(pitches, -tonic), DEGREES)


def likeness(pitches: np.ndarray, tonic: int) -> int:
    """Which of PENTATONIC, MAJOR, MINOR and FLAT_SECOND the scale is like.

    What pitches have as partials of others is taken off first, or every tonic would have a fifth
    and a major third.
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
    """How much of each frame is the tonic: the median, and what nine of ten frames have, (2,)."""
    away = np.abs((1200 * np.log2(hertz / spectra.A440) - 10 * tonic + 600) % 1200 - 600)
    own = np.bincount(frames, strength * (away < NEAR), n_frames)
    shares = own / np.maximum(np.bincount(frames, strength, n_frames), spectra.TINY)
    return np.percentile(shares, (50, 10))


def off_grid(pitches: np.ndarray, tonic: int) -> float:
    """How far pitches are from semitones above the tonic, 0 on them to 1 halfway between."""
    steps = np.arange(OCTAVE) % SEMITONE
    away = np.minimum(steps, SEMITONE - steps) / (SEMITONE / 2)
    return float(np.roll(pitches, -tonic) @ away)


def entropy(pitches: np.ndarray) -> float:
    """How evenly the pitch classes sound, 0 for one alone to 1."""
    some = pitches[pitches > 0]
    return float(-(some * np.log(some)).sum() / np.log(OCTAVE))


# --- rhythm --------------------------------------------------------------------------------------


def repetition(mel: np.ndarray) -> np.ndarray:
    """How well onsets repeat after each lag, low, middle and high by themselves: (LONGEST, 3).

    The autocorrelation of what rises in each of BANDS, 1 at lag 0, as if all lags had as many
    frames. Nothing is known of lags beyond four fifths of the clip: they are 0.
    """
    rises = np.maximum(np.diff(mel, axis=0, prepend=mel[:1]), 0)
    onsets = np.stack([rises[:, band].mean(axis=1) for band in BANDS], axis=1)
    onsets = ndimage.gaussian_filter1d(onsets, LOOSE, axis=0)
    onsets -= onsets.mean(axis=0)
    n = len(onsets)
    size = fft.next_fast_len(2 * n, real=True)
    spectrum = fft.rfft(onsets, size, axis=0)
    found = fft.irfft(spectrum.real**2 + spectrum.imag**2, size, axis=0)
    known = min(LONGEST, int(0.8 * n))
    correlations = np.zeros((LONGEST, len(BANDS)))
    overlap = (1 - np.arange(known) / n)[:, None]
    correlations[:known] = found[:known] / np.maximum(found[0], spectra.TINY) / overlap
    return correlations


def beat_of(correlation: np.ndarray) -> float:
    """The lag, in frames, of the beat: where `correlation` peaks, likely tempi being preferred."""
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
    """How well onsets repeat after each of MULTIPLES of the beat: (20, 3).

    What repeats within the beat and beyond is the pattern of accents, whatever the tempo; that of
    low strokes tells one taal from another (Srinivasamurthy et al. 2014, In search of automatic
    rhythm analysis methods for Turkish and Indian art music).
    """
    lags = np.arange(len(correlations))
    return np.stack([np.interp(beat * MULTIPLES, lags, one) for one in correlations.T], axis=1)


def cycles(correlation: np.ndarray, beat: float) -> np.ndarray:
    """How much better onsets repeat after whole cycles of so many beats than after others: (9,).

    0 for cycles of which less than one is known, or nothing but whole ones.
    """
    beats = np.arange(1, int(np.count_nonzero(correlation) / beat) + 1)
    heights = np.interp(beats * beat, np.arange(len(correlation)), correlation)
    found = np.zeros(len(CYCLES))
    for number, length in enumerate(CYCLES):
        whole = beats % length == 0
        if whole.any():
            found[number] = heights[whole].mean() - heights[~whole].mean()
    return found


def name_of_cycle(after_cycles: np.ndarray, beats: float) -> int:
    """Which of CYCLES, from 1, `cycles` tell of; 0 if none is clear or few `beats` are known."""
    if beats < ENOUGH or after_cycles.max() < CLEAR:
        return 0
    return 1 + int(after_cycles.argmax())


def scale_transform(correlations: np.ndarray) -> np.ndarray:
    """Magnitudes of the scale transform of each band, 1 in all: (30, 3).

    Stretching a rhythm leaves them as they are (Holzapfel and Stylianou 2011, Scale transform in
    rhythmic similarity of music).
    """
    found = np.abs(_scales().T @ correlations[1:])
    return found / np.maximum(found.sum(axis=0), spectra.TINY)


def _spread(positions: np.ndarray, weights: np.ndarray, bins: int) -> np.ndarray:
    """Weights in circular bins, each divided between the two that its position is between."""
    below = np.floor(positions).astype(int)
    share = positions - below
    low = np.bincount(below % bins, weights * (1 - share), bins)
    return low + np.bincount((below + 1) % bins, weights * share, bins)


@cache
def _blur() -> np.ndarray:
    """The transform of a circular Gaussian bump, (61,)."""
    steps = np.arange(OCTAVE)
    cents = np.minimum(steps, OCTAVE - steps) * (1200 / OCTAVE)
    bump = np.exp(-0.5 * (cents / BLUR) ** 2)
    return fft.rfft(bump / bump.sum())


@cache
def _scales() -> np.ndarray:
    """Kernels of the scale transform at lags from 1 on, (LONGEST - 1, 30), faded at both ends."""
    seconds = np.arange(1, LONGEST)[:, None] / RATE
    share = np.log(seconds / SHORTEST) / np.log(seconds[-1] / SHORTEST)
    faded = np.sqrt(np.sin(np.pi * np.clip(share, 0, 1)))
    return faded * seconds ** (-0.5 - 0.5j * np.pi * np.arange(SCALES))
