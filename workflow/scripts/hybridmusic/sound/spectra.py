"""Short-time spectra and features of their frames, by librosa's definitions but without librosa.

librosa computes each feature by itself, in double precision and partly in code that numba compiles
for half a minute on a new machine. Here one Fourier transform and a few matrix products give all
of them; tests compare them with librosa's.

Conventions: `y` is a mono clip, (samples,), at 22,050 Hz. Spectra have one row per frame, and
frames are 2,048 samples long, centred every 512 samples.
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
BANDS = 128  # mel bands
AT_ONCE = 32  # frames transformed at once
QUIETEST, RANGE = 1e-10, 80.0  # power, dB below the loudest
PITCHED = slice(*np.searchsorted(FREQUENCIES, (150.0, 4000.0)))
WINDOW = int(8.0 * SAMPLE_RATE / HOP)  # frames of a window for tempo, 8 s
FASTEST, USUAL = 320.0, 120.0  # BPM
LAGS = np.arange(int(60 * SAMPLE_RATE / HOP / FASTEST) + 1, WINDOW)  # frames
TEMPI = 60 * SAMPLE_RATE / HOP / LAGS  # BPM
TINY = np.finfo(np.float32).tiny
ROLLED_OFF = 0.85  # share of a frame's magnitude below its rolloff
# Edges of octaves for contrasts, and the share of an octave's bins that count as peaks, or valleys.
OCTAVES = np.array([0.0, *(200.0 * 2 ** np.arange(7))])  # Hz
EXTREMES = 0.02
CROSSING = 1e-10  # smaller samples count as zero
SLOPE = 9  # frames of the line whose slope is a delta


class Sound:
    """A clip `y` and its spectra, each computed once, when a descriptor first uses it."""

    def __init__(self, y: np.ndarray):
        self.y = y

    @cached_property
    def power(self) -> np.ndarray:
        """Power, (frames, 1025); see `spectrogram`."""
        return spectrogram(self.y)

    @cached_property
    def magnitude(self) -> np.ndarray:
        """Root of the power, (frames, 1025)."""
        return np.sqrt(self.power)

    @cached_property
    def mel(self) -> np.ndarray:
        """Mel bands in dB, (frames, 128); see `mel`."""
        return mel(self.power)

    @cached_property
    def rms(self) -> np.ndarray:
        """Root mean square, (frames,); see `rms`."""
        return rms(self.y)

    @cached_property
    def centroid(self) -> np.ndarray:
        """Mean frequency in Hz, (frames,); see `centroid`."""
        return centroid(self.magnitude)

    @cached_property
    def chroma(self) -> np.ndarray:
        """Pitch classes, (frames, 12); see `chroma`."""
        return chroma(self.power)

    @cached_property
    def tempo(self) -> float:
        """Tempo in BPM; see `tempo`."""
        return tempo(self.mel)


def framed(x: np.ndarray, length: int, hop: int) -> np.ndarray:
    """View `x` as frames of `length` rows, one every `hop` rows: (frames, ..., length)."""
    return np.lib.stride_tricks.sliding_window_view(x, length, axis=0)[::hop]


def hann(length: int) -> np.ndarray:
    """Return a periodic Hann window, (length,)."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)


def power_spectra(x: np.ndarray, window: np.ndarray, hop: int, size: int) -> np.ndarray:
    """Compute power spectra of windowed frames of `x`, padded to `size`: (frames, size/2 + 1)."""
    frames = framed(x, len(window), hop)
    power = np.empty((len(frames), size // 2 + 1), dtype=window.dtype)
    # A few frames at a time fit the processor's cache, and reuse the same memory.
    for start in range(0, len(frames), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        np.square(np.abs(fft.rfft(frames[some] * window, n=size, axis=1)), out=power[some])
    return power


def spectrogram(y: np.ndarray) -> np.ndarray:
    """Compute power spectra of `y`, padded with zeros at both ends: (frames, 1025)."""
    return power_spectra(np.pad(y, N_FFT // 2), _window(), HOP, N_FFT)


def rms(y: np.ndarray) -> np.ndarray:
    """Compute the root mean square of the same frames, without a window: (frames,)."""
    blocks = np.pad(y, N_FFT // 2)[: (len(y) + N_FFT) // HOP * HOP].reshape(-1, HOP)
    squares = np.einsum("bs,bs->b", blocks, blocks)
    return np.sqrt(framed(squares, N_FFT // HOP, 1).sum(axis=1) / N_FFT)


def centroid(magnitude: np.ndarray) -> np.ndarray:
    """Compute each frame's mean frequency, weighted by magnitude; Hz, 0 in silence: (frames,)."""
    weighted, total = (magnitude @ _moments()).T
    return weighted / np.where(total < TINY, 1, total)


def bandwidth(magnitude: np.ndarray, centroid: np.ndarray) -> np.ndarray:
    """Compute the deviation of frequency around each frame's centroid, in Hz: (frames,)."""
    # In double precision, because the result is a small difference of two large numbers.
    squares, total = (magnitude.astype(float) @ np.stack([FREQUENCIES**2, FREQUENCIES**0], 1)).T
    mean = squares / np.where(total < TINY, 1, total)
    return np.sqrt(np.maximum(mean - centroid.astype(float) ** 2, 0))


def rolloff(magnitude: np.ndarray) -> np.ndarray:
    """Find the frequency below which 85 % of each frame's magnitude is, in Hz: (frames,)."""
    below = np.cumsum(magnitude, axis=1)
    return FREQUENCIES[np.argmax(below >= np.float32(ROLLED_OFF) * below[:, -1:], axis=1)]


def flatness(power: np.ndarray) -> np.ndarray:
    """Divide the geometric by the arithmetic mean of each frame's power: (frames,), 0 to 1."""
    floored = np.maximum(power, QUIETEST)
    return np.exp(np.log(floored).mean(axis=1)) / floored.mean(axis=1)


def contrast(magnitude: np.ndarray) -> np.ndarray:
    """Compute the difference of peaks and valleys in each octave, in dB: (frames, 7).

    Jiang et al. 2002, Music type classification by spectral contrast feature.
    """
    valleys, peaks = (np.empty((len(magnitude), len(OCTAVES) - 1)) for _ in range(2))
    for octave, (bins, extremes) in enumerate(_octaves()):
        ordered = np.sort(magnitude[:, bins], axis=1)
        valleys[:, octave] = ordered[:, :extremes].mean(axis=1)
        peaks[:, octave] = ordered[:, -extremes:].mean(axis=1)
    return decibels(peaks) - decibels(valleys)


def zero_crossings(y: np.ndarray) -> np.ndarray:
    """Count the changes of sign in each frame, per sample: (frames,)."""
    negative = np.pad(y, N_FFT // 2, mode="edge") < -CROSSING
    until = np.concatenate([[0], np.cumsum(negative[1:] != negative[:-1], dtype=np.int32)])
    starts = np.arange(0, len(negative) - N_FFT + 1, HOP)
    return (until[starts + N_FFT - 1] - until[starts]) / N_FFT


def mel(power: np.ndarray) -> np.ndarray:
    """Sum power in mel bands, in dB, at most 80 dB below the loudest: (frames, 128)."""
    bands = np.concatenate([power[:, bins] @ bank for bins, bank in _mel_blocks()], axis=1)
    return decibels(bands)


def decibels(power: np.ndarray) -> np.ndarray:
    """Convert power to dB, at most 80 dB below the largest."""
    levels = 10 * np.log10(np.maximum(power, QUIETEST))
    return np.maximum(levels, levels.max() - RANGE)


def mfcc(mel: np.ndarray, n: int) -> np.ndarray:
    """Compute the first `n` coefficients of the cosine transform of each frame: (frames, n)."""
    return mel @ _cosines(n)


def delta(values: np.ndarray) -> np.ndarray:
    """Compute the slope of each column of `values` at each frame: (frames, columns).

    It is the slope of a line through nine frames, or the largest odd number that there is. Frames
    near the ends take the slope of the first, or last, line. Slopes of under three frames are 0.
    """
    width = min(SLOPE, (len(values) - 1) // 2 * 2 + 1)
    if width < 3:
        return np.zeros_like(values)
    steps = np.arange(width) - width // 2
    slopes = np.einsum("fcw,w->fc", framed(values, width, 1), steps) / (steps**2).sum()
    return np.pad(slopes, [(width // 2, width // 2), (0, 0)], mode="edge")


def chroma(power: np.ndarray) -> np.ndarray:
    """Sum power in pitch classes from C, tuned as the music is, with maximum 1: (frames, 12)."""
    classes = power @ chroma_bank(tuning(power))
    largest = classes.max(axis=1, keepdims=True)
    return classes / np.where(largest < TINY, 1, largest)


def tuning(power: np.ndarray) -> float:
    """Estimate the deviation of the music from A440, in semitones, -0.5 to 0.5; 0 without pitch.

    Peaks of at least a tenth of their frame's largest value are interpolated by a parabola
    (J. O. Smith, Spectral Audio Signal Processing, "Quadratic Interpolation of Spectral Peaks").
    The result is the commonest deviation of the louder half of them, in steps of 0.01. As in
    librosa's chromagram, these are peaks of power, not of magnitude.
    """
    threshold = np.float32(0.1) * power.max(axis=1, keepdims=True)
    # Faster than searching for both indices at once.
    loud = np.flatnonzero(power[:, PITCHED] > threshold)
    frames, bins = np.divmod(loud, PITCHED.stop - PITCHED.start)
    bins += PITCHED.start
    before, peak, after = (power[frames, bins + step] for step in (-1, 0, 1))
    is_peak = (peak > before) & (peak >= after)
    bins, before, peak, after = (values[is_peak] for values in (bins, before, peak, after))
    if not len(bins):
        return 0.0
    slope, bend = (after - before) / 2, before + after - 2 * peak
    is_inside = np.abs(slope) < np.abs(bend)  # the vertex is within one bin
    shift = np.where(is_inside, -slope / np.where(is_inside, bend, 1), 0)
    height = peak + slope * shift / 2
    hertz = (bins + shift)[height >= median(height)] * (SAMPLE_RATE / N_FFT)
    # In single precision, as in librosa: it decides between two steps for a peak on their border.
    deviations = 12 * np.log2(hertz.astype(np.float32) / (A440 / 16)) % 1
    deviations[deviations >= 0.5] -= 1
    steps = np.linspace(-0.5, 0.5, 101)
    counts = np.bincount(np.searchsorted(steps, deviations, side="right"))
    return float(steps[counts.argmax() - 1])


def tempo(mel: np.ndarray) -> float:
    """Estimate the tempo of a clip in BPM, as `librosa.beat.beat_track` does; 0 without onsets.

    It is the largest mean autocorrelation of onset strength in windows of 8 s, weighted by a prior
    for tempi (Ellis 2007). Onset strength is the median over bands, as in the beat tracker;
    `librosa.feature.tempo` takes the mean.
    """
    onsets = onset_strength(mel, median)
    if not onsets.any():
        return 0.0
    correlation = np.log1p(1e6 * tempogram(onsets)[LAGS])
    return float(TEMPI[np.argmax(correlation - np.log2(TEMPI / USUAL) ** 2 / 2)])


def tempogram(onsets: np.ndarray) -> np.ndarray:
    """Average the autocorrelation of onset strength over windows of 8 s: (lags,), lags in frames.

    The autocorrelation of a window is 1 at lag 0, or 0 without onsets (Grosche et al. 2010).
    """
    around = np.pad(onsets, WINDOW // 2, mode="linear_ramp")[:-1]
    size = fft.next_fast_len(2 * WINDOW - 1, real=True)
    power = power_spectra(around, hann(WINDOW), 1, size)
    # The autocorrelation at lag 0, its maximum, by Parseval's theorem.
    energy = (2 * power.sum(axis=1) - power[:, 0] - power[:, -1]) / size
    # The inverse transform is linear, so one transform of the mean is enough.
    mean = (1 / np.where(energy > 0, energy, 1)) @ power / len(onsets)
    return fft.irfft(mean, n=size)[:WINDOW]


def onset_strength(mel: np.ndarray, over_bands: Callable) -> np.ndarray:
    """Compute the rise of the mel bands towards each frame, in dB: (frames,).

    `over_bands` reduces each row of rises, (frames, bands), to one number, as `median` does.
    """
    onsets = np.zeros(len(mel), dtype=mel.dtype)
    # As in librosa, a rise counts half a frame later, because frames are centred.
    late = 1 + N_FFT // 2 // HOP
    rises = np.maximum(np.diff(mel, axis=0), 0)
    onsets[late:] = over_bands(rises)[: max(0, len(mel) - late)]
    return onsets


def median(x: np.ndarray) -> np.ndarray:
    """Return the median of each row of `x`; sorting rows is faster here than `np.median`."""
    n = x.shape[-1]
    return np.sort(x, axis=-1)[..., (n - 1) // 2 : n // 2 + 1].mean(axis=-1)


@cache
def mel_bank() -> np.ndarray:
    """Return triangles of equal area at equal steps of Slaney's mel scale (1998): (1025, 128)."""
    # Linear up to 1 kHz, which is 15 mel; then logarithmic, with 27 mel from 1 to 6.4 kHz.
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
    """Return the weight of each frequency in the pitch classes from C: (1025, 12).

    Weights are Gaussian around every class, of unit norm for each frequency, times a Gaussian
    around the fifth octave (Ellis 2007, Chroma Feature Analysis and Synthesis).
    """
    octaves = np.log2(np.arange(1, len(FREQUENCIES) + 1) * SAMPLE_RATE / N_FFT / (A440 / 16))
    # Frequency 0 has no octave: it is set one and a half below the next.
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
    """Return the bins of each octave, and how many of them count as peaks, or valleys.

    As in librosa, an octave begins with the last bin below it and ends before its own last one,
    though that number includes it. The highest octave has all remaining bins.
    """
    first = np.searchsorted(FREQUENCIES, OCTAVES[:-1]) - (OCTAVES[:-1] > 0)
    last = np.searchsorted(FREQUENCIES, OCTAVES[1:], side="right") - 1
    extremes = np.maximum(1, np.rint(EXTREMES * (last + 1 - first)))
    ends = [*last[:-1], len(FREQUENCIES)]
    return list(zip(map(slice, first, ends), extremes.astype(int), strict=True))


@cache
def _mel_blocks() -> list[tuple[slice, np.ndarray]]:
    """Split the mel bank into blocks of 16 bands and their frequencies, as most of it is zeros."""
    blocks = []
    for bank in np.split(mel_bank(), 8, axis=1):
        reached = np.flatnonzero(bank.any(axis=1))
        bins = slice(reached[0], reached[-1] + 1)
        blocks.append((bins, np.ascontiguousarray(bank[bins])))
    return blocks


@cache
def _cosines(n: int) -> np.ndarray:
    """Return the first `n` columns of the orthonormal cosine transform of type 2: (128, n)."""
    angles = np.pi * np.outer(np.arange(BANDS) + 0.5, np.arange(n)) / BANDS
    norms = np.sqrt(np.where(np.arange(n) == 0, 1, 2) / BANDS)
    return np.cos(angles) * norms
