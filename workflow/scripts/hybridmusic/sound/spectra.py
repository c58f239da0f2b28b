"""Short-time spectra, and what is read from them: librosa's definitions without librosa.

librosa takes every step by itself, in double precision and partly in code that numba compiles for
half a minute on a new machine. Here all comes from one Fourier transform, in a few products of
matrices; tests hold it to what librosa computes. Spectra have a row for every frame.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property

import numpy as np
from scipy import fft

from hybridmusic.sound.decoding import SAMPLE_RATE

N_FFT = 2048  # samples
HOP = 512  # samples
FREQUENCIES = np.arange(N_FFT // 2 + 1) * SAMPLE_RATE / N_FFT  # Hz
A440 = 440.0  # Hz
BANDS = 128
AT_ONCE = 32  # frames
QUIETEST, RANGE = 1e-10, 80.0  # power, dB below the loudest
PITCHED = slice(*np.searchsorted(FREQUENCIES, (150.0, 4000.0)))
WINDOW = int(8.0 * SAMPLE_RATE / HOP)  # frames over which a tempo is looked for
FASTEST, USUAL = 320.0, 120.0  # BPM
LAGS = np.arange(int(60 * SAMPLE_RATE / HOP / FASTEST) + 1, WINDOW)  # frames
TEMPI = 60 * SAMPLE_RATE / HOP / LAGS  # BPM
TINY = np.finfo(np.float32).tiny
# What of a frame's magnitude lies below its rolloff.
ROLLED_OFF = 0.85
# Octaves for contrasts, and the share of their bins that are their peaks, and their valleys.
OCTAVES = np.array([0.0, *(200.0 * 2 ** np.arange(7))])  # Hz
EXTREMES = 0.02
CROSSING = 1e-10  # what is smaller is zero, on neither side
SLOPE = 9  # frames through which a delta is the slope


class Sound:
    """A clip `y` of shape (samples,) at 22,050 Hz and its spectra, each made when first asked for.

    Whatever describes a clip takes this, so that there is one Fourier transform for all.
    """

    def __init__(self, y: np.ndarray):
        self.y = y

    @cached_property
    def power(self) -> np.ndarray:
        """As `spectrogram`."""
        return spectrogram(self.y)

    @cached_property
    def magnitude(self) -> np.ndarray:
        """Its root."""
        return np.sqrt(self.power)

    @cached_property
    def mel(self) -> np.ndarray:
        """As `mel`."""
        return mel(self.power)

    @cached_property
    def rms(self) -> np.ndarray:
        """As `rms`."""
        return rms(self.y)

    @cached_property
    def centroid(self) -> np.ndarray:
        """As `centroid`."""
        return centroid(self.magnitude)

    @cached_property
    def chroma(self) -> np.ndarray:
        """As `chroma`."""
        return chroma(self.power)

    @cached_property
    def tempo(self) -> float:
        """As `tempo`."""
        return tempo(self.mel)


def framed(x: np.ndarray, length: int, hop: int) -> np.ndarray:
    """Frames of `length` rows of `x`, one every `hop` rows: a view, (frames, ..., length)."""
    return np.lib.stride_tricks.sliding_window_view(x, length, axis=0)[::hop]


def hann(length: int) -> np.ndarray:
    """A periodic Hann window, (length,)."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)


def power_spectra(x: np.ndarray, window: np.ndarray, hop: int, size: int) -> np.ndarray:
    """Power of transforms of `size` of the windowed frames of `x`: (frames, size / 2 + 1)."""
    frames = framed(x, len(window), hop)
    power = np.empty((len(frames), size // 2 + 1), dtype=window.dtype)
    # Few at a time stay in the processor's cache, and need no new pages of memory each time.
    for start in range(0, len(frames), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        np.square(np.abs(fft.rfft(frames[some] * window, n=size, axis=1)), out=power[some])
    return power


def spectrogram(y: np.ndarray) -> np.ndarray:
    """Power spectra of `y`, centred every HOP samples with zeros around: (frames, 1025)."""
    return power_spectra(np.pad(y, N_FFT // 2), _window(), HOP, N_FFT)


def rms(y: np.ndarray) -> np.ndarray:
    """Root of the mean square of the same frames, without a window: (frames,)."""
    blocks = np.pad(y, N_FFT // 2)[: (len(y) + N_FFT) // HOP * HOP].reshape(-1, HOP)
    squares = np.einsum("bs,bs->b", blocks, blocks)
    return np.sqrt(framed(squares, N_FFT // HOP, 1).sum(axis=1) / N_FFT)


def centroid(magnitude: np.ndarray) -> np.ndarray:
    """Mean frequency of each frame, weighted by magnitude, in Hz; 0 in silence: (frames,)."""
    weighted, total = (magnitude @ _moments()).T
    return weighted / np.where(total < TINY, 1, total)


def bandwidth(magnitude: np.ndarray, centroid: np.ndarray) -> np.ndarray:
    """Deviation of frequency around each frame's centroid, likewise, in Hz: (frames,)."""
    # Twice the precision, for two large numbers differ by what is sought.
    squares, total = (magnitude.astype(float) @ np.stack([FREQUENCIES**2, FREQUENCIES**0], 1)).T
    mean = squares / np.where(total < TINY, 1, total)
    return np.sqrt(np.maximum(mean - centroid.astype(float) ** 2, 0))


def rolloff(magnitude: np.ndarray) -> np.ndarray:
    """Below which frequency most of each frame's magnitude lies, in Hz: (frames,)."""
    below = np.cumsum(magnitude, axis=1)
    return FREQUENCIES[np.argmax(below >= np.float32(ROLLED_OFF) * below[:, -1:], axis=1)]


def flatness(power: np.ndarray) -> np.ndarray:
    """Geometric by arithmetic mean of each frame's power, 1 for white noise: (frames,)."""
    floored = np.maximum(power, QUIETEST)
    return np.exp(np.log(floored).mean(axis=1)) / floored.mean(axis=1)


def contrast(magnitude: np.ndarray) -> np.ndarray:
    """How far peaks stand above valleys in each octave, in dB: (frames, 7).

    Jiang et al. 2002, Music type classification by spectral contrast feature.
    """
    valleys, peaks = (np.empty((len(magnitude), len(OCTAVES) - 1)) for _ in range(2))
    for octave, (bins, extremes) in enumerate(_octaves()):
        ordered = np.sort(magnitude[:, bins], axis=1)
        valleys[:, octave] = ordered[:, :extremes].mean(axis=1)
        peaks[:, octave] = ordered[:, -extremes:].mean(axis=1)
    return decibels(peaks) - decibels(valleys)


def zero_crossings(y: np.ndarray) -> np.ndarray:
    """How often the wave of each centred frame changes its sign, per sample: (frames,)."""
    negative = np.pad(y, N_FFT // 2, mode="edge") < -CROSSING
    until = np.concatenate([[0], np.cumsum(negative[1:] != negative[:-1], dtype=np.int32)])
    starts = np.arange(0, len(negative) - N_FFT + 1, HOP)
    return (until[starts + N_FFT - 1] - until[starts]) / N_FFT


def mel(power: np.ndarray) -> np.ndarray:
    """Power in mel bands, in dB, no more than 80 dB below the loudest: (frames, 128)."""
    bands = np.concatenate([power[:, bins] @ bank for bins, bank in _mel_blocks()], axis=1)
    return decibels(bands)


def decibels(power: np.ndarray) -> np.ndarray:
    """`power` in dB, no more than 80 dB below the largest."""
    levels = 10 * np.log10(np.maximum(power, QUIETEST))
    return np.maximum(levels, levels.max() - RANGE)


def mfcc(mel: np.ndarray, n: int) -> np.ndarray:
    """The first `n` coefficients of the cosine transform of each frame: (frames, n)."""
    return mel @ _cosines(n)


def delta(values: np.ndarray) -> np.ndarray:
    """Slopes of the columns of `values`, per frame: (frames, columns).

    Each is that of the line through nine frames, or as many as there are; near the ends that
    through the first, or the last. There are none in fewer than three frames.
    """
    width = min(SLOPE, (len(values) - 1) // 2 * 2 + 1)
    if width < 3:
        return np.zeros_like(values)
    steps = np.arange(width) - width // 2
    slopes = np.einsum("fcw,w->fc", framed(values, width, 1), steps) / (steps**2).sum()
    return np.pad(slopes, [(width // 2, width // 2), (0, 0)], mode="edge")


def chroma(power: np.ndarray) -> np.ndarray:
    """Power in pitch classes from C on, tuned as the music is, the largest 1: (frames, 12)."""
    classes = power @ chroma_bank(tuning(power))
    largest = classes.max(axis=1, keepdims=True)
    return classes / np.where(largest < TINY, 1, largest)


def tuning(power: np.ndarray) -> float:
    """How far the music is from A440, in semitones, -0.5 to 0.5; 0 where there is no pitch.

    Peaks of at least a tenth of their frame's largest value are interpolated by a parabola
    (J. O. Smith, Spectral Audio Signal Processing, "Quadratic Interpolation of Spectral Peaks"),
    and the commonest deviation of the louder half of them counts, in steps of a hundredth. As in
    librosa's chromagram, these are peaks of power, not of magnitude.
    """
    threshold = np.float32(0.1) * power.max(axis=1, keepdims=True)
    # Much faster than to look for both indices.
    loud = np.flatnonzero(power[:, PITCHED] > threshold)
    frames, bins = np.divmod(loud, PITCHED.stop - PITCHED.start)
    bins += PITCHED.start
    before, peak, after = (power[frames, bins + step] for step in (-1, 0, 1))
    found = (peak > before) & (peak >= after)
    bins, before, peak, after = bins[found], before[found], peak[found], after[found]
    if not len(bins):
        return 0.0
    slope, bend = (after - before) / 2, before + after - 2 * peak
    near = np.abs(slope) < np.abs(bend)
    shift = np.where(near, -slope / np.where(near, bend, 1), 0)
    height = peak + slope * shift / 2
    hertz = (bins + shift)[height >= median(height)] * (SAMPLE_RATE / N_FFT)
    # Single precision decides of which of two steps a peak on their border is one.
    deviations = 12 * np.log2(hertz.astype(np.float32) / (A440 / 16)) % 1
    deviations[deviations >= 0.5] -= 1
    steps = np.linspace(-0.5, 0.5, 101)
    counts = np.bincount(np.searchsorted(steps, deviations, side="right"))
    return float(steps[counts.argmax() - 1])


def tempo(mel: np.ndarray) -> float:
    """The tempo of the whole clip in BPM, as `librosa.beat.beat_track` has it; 0 without onsets.

    The autocorrelation of onset strength in windows of eight seconds, its mean over all windows
    weighted by how usual a tempo is (Ellis 2007). Onset strength is the median over bands, as in
    the beat tracker; `librosa.feature.tempo` has the mean.
    """
    onsets = onset_strength(mel, median)
    if not onsets.any():
        return 0.0
    correlation = np.log1p(1e6 * tempogram(onsets)[LAGS])
    return float(TEMPI[np.argmax(correlation - np.log2(TEMPI / USUAL) ** 2 / 2)])


def tempogram(onsets: np.ndarray) -> np.ndarray:
    """Autocorrelation of onset strength in windows of eight seconds, mean over all: (lags,).

    That of each window is 1 at lag 0, or 0 where nothing begins (Grosche et al. 2010).
    """
    around = np.pad(onsets, WINDOW // 2, mode="linear_ramp")[:-1]
    size = fft.next_fast_len(2 * WINDOW - 1, real=True)
    power = power_spectra(around, hann(WINDOW), 1, size)
    # Each autocorrelation at lag 0, where it is largest, by Parseval's theorem.
    energy = (2 * power.sum(axis=1) - power[:, 0] - power[:, -1]) / size
    # The transform back is linear, so that of the mean is enough.
    mean = (1 / np.where(energy > 0, energy, 1)) @ power / len(onsets)
    return fft.irfft(mean, n=size)[:WINDOW]


def onset_strength(mel: np.ndarray, over_bands: Callable) -> np.ndarray:
    """By how many dB the bands rise until each frame, at its centre: (frames,).

    `over_bands` makes one number of each row of rises, as `median` does.
    """
    onsets = np.zeros(len(mel), dtype=mel.dtype)
    # Frames are centred, but what begins in one is heard from its end on.
    late = 1 + N_FFT // 2 // HOP
    rises = np.maximum(np.diff(mel, axis=0), 0)
    onsets[late:] = over_bands(rises)[: max(0, len(mel) - late)]
    return onsets


def median(x: np.ndarray) -> np.ndarray:
    """The median of each row of `x`; to sort whole rows is faster than `np.median`'s selection."""
    n = x.shape[-1]
    return np.sort(x, axis=-1)[..., (n - 1) // 2 : n // 2 + 1].mean(axis=-1)


@cache
def mel_bank() -> np.ndarray:
    """Triangles of equal area at equal steps of Slaney's mel scale (1998): (1025, 128)."""
    # Linear up to 1 kHz, which is 15 mel, and 27 steps from there to 6.4 kHz.
    top = 15 + 27 * np.log(SAMPLE_RATE / 2 / 1000) / np.log(6.4)
    mels = np.linspace(0, top, BANDS + 2)
    corners = np.where(mels < 15, mels * 200 / 3, 1000 * 6.4 ** ((mels - 15) / 27))
    low, centre, high = corners[:-2], corners[1:-1], corners[2:]
    up = (FREQUENCIES[:, None] - low) / (centre - low)
    down = (high - FREQUENCIES[:, None]) / (high - centre)
    bank = np.maximum(0, np.minimum(up, down)) * 2 / (high - low)
    return bank.astype(np.float32)


@cache
def chroma_bank(tuning: float) -> np.ndarray:
    """What each frequency gives to the pitch classes from C on: (1025, 12).

    Gaussian bumps around every class, of unit length for every frequency, weighted by another one
    around the fifth octave (Ellis 2007, Chroma Feature Analysis and Synthesis).
    """
    octaves = np.log2(np.arange(1, len(FREQUENCIES) + 1) * SAMPLE_RATE / N_FFT / (A440 / 16))
    # Frequency 0 has no octave: it is taken as one and a half below the next.
    octaves = np.append(octaves[0] - 1.5, octaves) - tuning / 12
    width = np.maximum(np.diff(12 * octaves), 1)[:, None]
    octaves = octaves[:-1, None]
    distance = (12 * octaves - np.arange(12) + 6) % 12 - 6
    bumps = np.exp(-0.5 * (2 * distance / width) ** 2)
    bumps /= np.linalg.norm(bumps, axis=1, keepdims=True)
    bumps *= np.exp(-0.5 * ((octaves - 5) / 2) ** 2)
    return np.roll(bumps, -3, axis=1).astype(np.float32)


@cache
def _window() -> np.ndarray:
    return hann(N_FFT).astype(np.float32)


@cache
def _moments() -> np.ndarray:
    return np.stack([FREQUENCIES, np.ones_like(FREQUENCIES)], axis=1).astype(np.float32)


@cache
def _octaves() -> list[tuple[slice, int]]:
    """For each octave its bins, and how many of them are its peaks, or its valleys.

    As in librosa an octave begins with the last bin below it and ends before its own last, which
    is counted all the same; the highest has all that is left.
    """
    first = np.searchsorted(FREQUENCIES, OCTAVES[:-1]) - (OCTAVES[:-1] > 0)
    last = np.searchsorted(FREQUENCIES, OCTAVES[1:], side="right") - 1
    extremes = np.maximum(1, np.rint(EXTREMES * (last + 1 - first)))
    ends = [*last[:-1], len(FREQUENCIES)]
    return list(zip(map(slice, first, ends), extremes.astype(int), strict=True))


@cache
def _mel_blocks() -> list[tuple[slice, np.ndarray]]:
    """The bank in pieces of 16 bands with the frequencies they reach: most of it is zeros."""
    blocks = []
    for bank in np.split(mel_bank(), 8, axis=1):
        reached = np.flatnonzero(bank.any(axis=1))
        bins = slice(reached[0], reached[-1] + 1)
        blocks.append((bins, np.ascontiguousarray(bank[bins])))
    return blocks


@cache
def _cosines(n: int) -> np.ndarray:
    """The orthonormal discrete cosine transform of type 2, as far as needed: (128, n)."""
    angles = np.pi * np.outer(np.arange(BANDS) + 0.5, np.arange(n)) / BANDS
    norms = np.sqrt(np.where(np.arange(n) == 0, 1, 2) / BANDS)
    return np.cos(angles) * norms
