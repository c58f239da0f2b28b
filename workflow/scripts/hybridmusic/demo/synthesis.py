"""Synthesise a small bilingual corpus of music: eighteen genres, reproducible from one seed.

`compose` draws a song from a genre's recipe, `perform` plays three seconds of it, and `corpus`
does so for every song of every genre. Each clip carries the factors that generated it, which are
ground truth for analyses.

Conventions: samples are mono at SAMPLE_RATE, times in seconds, frequencies in Hz.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import fft, ndimage, signal

from hybridmusic.demo.recipes import (
    DRUMS,
    GENRES,
    INSTRUMENTS,
    MEDIA,
    MODES,
    RECIPES,
    SONGS,
    Drum,
    Genre,
    Groove,
    Instrument,
    Medium,
    Part,
)

SAMPLE_RATE = 22_050  # Hz
DURATION = 3.0  # seconds of a clip
LEAD_IN = 0.5  # seconds played before the clip, so that it begins with ringing notes
CEILING = 0.98  # largest sample value after the limiter
NUMERALS = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
SEVENTHS = {None: (), "7": (10,), "maj7": (11,)}
VELOCITY = {"X": 1.0, "x": 0.7, "o": 0.4}
VOWELS = np.array([(750, 1200, 2600), (450, 1900, 2600), (350, 800, 2500), (550, 950, 2500)])  # Hz

Rng = np.random.Generator


def times(seconds: float) -> np.ndarray:
    """Return the times of the samples of a span, in seconds."""
    return np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE


def normalise(x: np.ndarray) -> np.ndarray:
    """Scale `x` to unit peak."""
    return x / (np.abs(x).max() + 1e-12)


def bandpass(x: np.ndarray, low: float, high: float, tilt: float = 0.0) -> np.ndarray:
    """Filter `x` without phase shift between `low` and `high` (Hz).

    The edges fall by 12 and 24 dB per octave; `tilt` adds a slope, in units of 6 dB per octave.
    """
    size = fft.next_fast_len(x.size, real=True)
    f = np.maximum(fft.rfftfreq(size, 1 / SAMPLE_RATE), 1)
    gain = (f / 1000) ** tilt / np.sqrt((1 + (low / f) ** 4) * (1 + (f / high) ** 8))
    return fft.irfft(fft.rfft(x, size) * gain, size)[: x.size]


def wavetable(
    instrument: Instrument,
    frequency: float,
    brightness: float,
    periods: int,
    formants: np.ndarray,
    rng: Rng,
) -> np.ndarray:
    """Return successive periods of a tone as rows: (periods, size), or (1, size) if it is steady.

    A plucked string is the model of Karplus and Strong: a burst of noise passes through a low-pass
    once per period. In the frequency domain their recursion is a power, which is cheaper and
    allows a fractional period, so that the string is in tune.

    Parameters
    ----------
    instrument : its timbre
    frequency : of the tone, Hz
    brightness : 0 to 1
    periods : how many, of a plucked string
    formants : of a voice, (formants,), Hz
    """
    k = np.arange(1, np.clip(int(0.45 * SAMPLE_RATE / frequency), 2, 120))
    amplitude = k ** -(instrument.rolloff * (1.8 - 1.6 * brightness))
    if instrument.formants:
        distance = (k * frequency - formants[:, None]) / (60 + 0.06 * formants[:, None])
        amplitude = amplitude * (0.03 + np.sum(1 / (1 + distance**2), axis=0))
    if instrument.ring:
        burst = amplitude * (rng.normal(size=k.size) + 1j * rng.normal(size=k.size))
        damping = 0.02 + 0.25 * (1 - brightness) ** 2
        loop = 1 - damping + damping * np.cos(2 * np.pi * k * frequency / SAMPLE_RATE)
        loop *= 10 ** (-3 / (instrument.ring * frequency))
        spectrum = burst * loop ** np.arange(periods)[:, None]
    else:
        spectrum = (amplitude * np.exp(2.4j * k**2))[
            None
        ]  # scattered phases for a low crest factor
    size = 2 ** int(np.ceil(np.log2(4 * k.size)))
    return fft.irfft(np.pad(spectrum, ((0, 0), (1, 0))), size)


def read(table: np.ndarray, cycles: np.ndarray) -> np.ndarray:
    """Read a wavetable, one row per cycle, repeated, with linear interpolation."""
    position = cycles * table.shape[1]
    index = position.astype(np.int32)
    left, right = table.ravel()[index % table.size], table.ravel()[(index + 1) % table.size]
    return left + (position - index) * (right - left)


def play(
    instrument: Instrument,
    frequency: float,
    duration: float,
    brightness: float,
    rng: Rng,
    formants: np.ndarray = VOWELS[0],
    origin: float | None = None,
) -> np.ndarray:
    """Play a note at unit peak.

    Parameters
    ----------
    instrument : its timbre
    frequency, duration : Hz, s
    brightness : 0 to 1
    formants : of a voice, (formants,), Hz
    origin : frequency of the note before, from which instruments with `glide` slide, Hz
    """
    t = times(duration + instrument.release)
    cycles = frequency * t
    if instrument.glide and origin:
        offset = (origin - frequency) * instrument.glide
        cycles += offset * (1 - np.exp(-t / instrument.glide))
    if instrument.vibrato:
        depth, rate = instrument.vibrato / 1731, 2 * np.pi * 5.4  # 1731 cents to the e-fold
        cycles += frequency * depth / rate * (1 - np.cos(rate * t))
    table = wavetable(instrument, frequency, brightness, int(cycles[-1]) + 1, formants, rng)
    tunings = np.linspace(0.994, 1.006, instrument.voices) if instrument.voices > 1 else (1.0,)
    y = normalise(sum(read(table, cycles * tuning) for tuning in tunings))
    if instrument.breath:
        y += instrument.breath * rng.standard_normal(t.size)
    if not instrument.ring:
        fall = np.exp(-t / instrument.decay)
        y *= instrument.sustain + (1 - instrument.sustain) * fall
    onset, end = round(instrument.attack * SAMPLE_RATE), round(duration * SAMPLE_RATE)
    y[:onset] *= np.linspace(0, 1, onset)[: y.size]
    y[end:] *= np.exp(-5 * np.linspace(0, 1, y.size - end))
    return y


def strike(drum: Drum, tonic: float, brightness: float, rng: Rng) -> np.ndarray:
    """Strike a drum at unit peak; `tonic` is in Hz, and `brightness` from 0 to 1."""
    t = times(6 * max(drum.ring, drum.hiss))
    pitch = drum.pitch * (tonic if drum.tuned else 1)
    cycles = np.cumsum(pitch * 2 ** (drum.drop * np.exp(-t / 0.03))) / SAMPLE_RATE
    tone = sum(np.sin(2 * np.pi * p * cycles) / p for p in drum.partials) * np.exp(-t / drum.ring)
    low, high = (edge * 2 ** (2.4 * (brightness - 0.5)) for edge in drum.band)
    noise = bandpass(rng.standard_normal(t.size), low, min(high, 10_500)) * np.exp(-t / drum.hiss)
    return normalise((1 - drum.noise) * normalise(tone) + drum.noise * normalise(noise))


def distort(x: np.ndarray, drive: float, brightness: float) -> np.ndarray:
    """Distort `x` as an overdriven amplifier and its loudspeaker do."""
    return bandpass(np.tanh(drive * x), 80, 2200 * 4**brightness)


def reverberate(x: np.ndarray, wet: float, rng: Rng) -> np.ndarray:
    """Add the reverberation of a hall, exponentially decaying noise, longer for a larger `wet`."""
    t = times(0.3 + 2 * wet)
    tail = bandpass(rng.standard_normal(t.size), 150, 4500) * np.exp(-6.9 * t / t[-1])
    hall = signal.oaconvolve(x, tail / np.sqrt(np.sum(tail**2)))[: x.size]
    return (1 - wet) * x + wet * hall


def record(x: np.ndarray, medium: Medium, brightness: float, rng: Rng) -> np.ndarray:
    """Pass `x` through a recording chain: noise floor, pass band and tone control."""
    noise = np.std(x) * 10 ** (medium.floor / 20) * rng.standard_normal(x.size)
    return bandpass(x + noise, medium.low, medium.high, 1.2 * (brightness - 0.5))


def master(x: np.ndarray, energy: float) -> np.ndarray:
    """Scale `x` to `energy` (dBFS, RMS) with a limiter, so that no peak exceeds CEILING."""
    reach = round(0.002 * SAMPLE_RATE)
    for _ in range(6):  # limiting lowers the energy, which the next pass restores
        x = x * (10 ** (energy / 20) / np.sqrt(np.mean(x**2)))
        envelope = ndimage.maximum_filter1d(np.abs(x), 2 * reach + 1)
        if envelope.max() <= CEILING:
            return x
        x = x * ndimage.uniform_filter1d(np.minimum(1, CEILING / envelope.clip(CEILING)), reach)
    return x


# --- composition ---------------------------------------------------------------------------------


def chord(symbol: str) -> tuple[int, ...]:
    """Return a Roman numeral's root above the tonic, then its tones above the root, in semitones.

    Upper case is major, lower case minor; the suffix 5 makes a power chord, 7 or maj7 a seventh.
    """
    flat, numeral, suffix = re.fullmatch(r"(b?)([IV]+|[iv]+)(5|7|maj7)?", symbol).groups()
    root = NUMERALS[numeral.upper()] - len(flat)
    if suffix == "5":
        return root, 0, 7, 12
    return root, 0, 4 if numeral.isupper() else 3, 7, *SEVENTHS[suffix]


class Player(NamedTuple):
    """A part with the instrument, rhythm and gain of one song."""

    part: Part
    instrument: Instrument
    rhythm: str
    gain: float


@dataclass(frozen=True, eq=False)  # arrays do not compare to a truth value
class Song:
    """A draw from a recipe: all that the clips of a song share."""

    genre: Genre
    groove: Groove
    players: tuple[Player, ...]
    mode: str
    chords: tuple[tuple[int, ...], ...]
    motif: np.ndarray  # random walk through the mode, one entry per step
    tempo: float  # beats per minute
    tonic: float  # Hz
    brightness: float  # 0 to 1
    energy: float  # dBFS, RMS
    reverb: float  # wet share
    throat: float  # scale of the singer's formants
    medium: Medium


def compose(genre: Genre, medium: Medium, rng: Rng) -> Song:
    """Draw a song; the properties of one in eight have twice the genre's standard deviation."""
    width = 2.0 if rng.random() < 1 / 8 else 1.0

    def draw(spread: tuple[float, float], low: float, high: float) -> float:
        mean, deviation = spread
        return float(np.clip(rng.normal(mean, width * deviation), low, high))

    def pick(options):
        return options[rng.integers(len(options))]

    brightness, ghosts = draw(genre.brightness, 0.02, 0.98), draw(genre.ghosts, 0, 1)

    def resolve(rhythm: str) -> str:
        kept = {"o": ghosts, "x": 0.8 + 0.2 * ghosts}
        return "".join("." if rng.random() > kept.get(sign, 1) else sign for sign in rhythm)

    mode, chords = pick(genre.harmony)
    groove = pick(genre.grooves)
    return Song(
        genre=genre,
        groove=replace(groove, strokes={d: resolve(r) for d, r in groove.strokes.items()}),
        players=tuple(
            Player(
                part,
                INSTRUMENTS[pick(part.instruments.split())],
                resolve(pick(part.rhythms.split())),
                10 ** ((part.level + rng.normal(0, 3)) / 20),
            )
            for part in genre.parts
            if rng.random() < part.chance
        ),
        mode=mode,
        chords=tuple(chord(symbol) for symbol in chords.split()),
        motif=np.cumsum(rng.choice([-2, -1, -1, 0, 1, 1, 2], 256)),
        tempo=draw(genre.tempo, 52, 210),
        tonic=float(440 * 2 ** ((rng.integers(45, 57) + rng.uniform(0, 0.3) - 69) / 12)),
        brightness=brightness,
        energy=draw(genre.energy, -32, -9),
        reverb=draw(genre.reverb, 0, 0.7),
        throat=rng.uniform(0.88, 1.15),
        medium=Medium(
            medium.low * 2 ** rng.normal(0, 0.3),
            medium.high * 2 ** rng.normal(0, 0.15),
            medium.floor + rng.normal(0, 3),
        ),
    )


# --- performance ---------------------------------------------------------------------------------


def strokes(rhythm: str, cycle: int, first: int, last: int) -> Iterator[tuple[int, str]]:
    """Yield the steps that sound; a rhythm restarts with every cycle of `cycle` steps."""
    for step in range(first, last):
        sign = rhythm[step % cycle % len(rhythm)]
        if sign != ".":
            yield step, sign


def pitches(part: Part, sign: str, song: Song, step: int) -> tuple[float, ...]:
    """Return the pitches that a part plays at a step, as fractional MIDI numbers."""
    cycle = song.groove.cycle
    bar = song.genre.steps * (cycle if cycle <= 4 else cycle // 2)
    root, *tones = song.chords[step // bar % len(song.chords)]
    tonic = 69 + 12 * np.log2(song.tonic / 440)

    def above(semitones: float) -> float:
        return part.low + (tonic + semitones - part.low) % 12

    turn = int(song.motif[step % song.motif.size])
    match part.role:
        case "bass" | "drone":
            degrees = {"1": 0, "3": tones[1], "5": 7, "6": 9, "7": 10, "8": 12}
            return (above(root if part.role == "bass" else 0) + degrees[sign],)
        case "riff":
            return tuple(above(root) + tone for tone in tones)
        case "chord":
            return tuple(above(root + tone) for tone in tones)
        case "arpeggio":
            return (above(root + tones[turn % len(tones)]),)
    scale = MODES[song.mode]
    octave, degree = divmod(abs(turn % (2 * part.span) - part.span), len(scale))
    melody = 12 * octave + scale[degree]
    if sign == "X":  # accents move to the nearest tone of the chord
        melody += min(((root + tone - melody + 6) % 12 - 6 for tone in tones), key=abs)
    return (above(0) + melody,)


def perform(song: Song, rng: Rng, length: float = DURATION) -> tuple[np.ndarray, float]:
    """Play an excerpt from a random place in the song, `length` in seconds.

    Returns
    -------
    samples, (samples,), and onsets per beat: strokes and notes, where a chord counts as one
    """
    steps = song.genre.steps
    cycle = song.groove.cycle * steps
    rate = song.tempo / 60 * steps  # steps per second
    start = rng.uniform(4, 36) * cycle
    first, last = int(start - LEAD_IN * rate) + 1, int(start + length * rate) + 1
    bus = np.zeros((len(song.players) + 1, round((LEAD_IN + length) * SAMPLE_RATE)))
    onsets = 0

    def place(row: int, step: int, sound: np.ndarray, gain: float) -> None:
        swung = step + song.genre.swing * (step % 2)
        seconds = LEAD_IN + (swung - start) / rate + rng.normal(0, 0.003)
        room = bus[row, max(0, round(seconds * SAMPLE_RATE)) :][: sound.size]
        room += gain * rng.normal(1, 0.08) * sound[: room.size]

    rhythms = dict(song.groove.strokes)
    if rhythms and rng.random() < 0.3:  # a fill on the last beat of the cycle
        rhythm = rhythms.get(song.groove.fill, ".") * cycle
        rhythms[song.groove.fill] = rhythm[: cycle - steps] + "x" * steps
    for drum, rhythm in rhythms.items():
        sound = strike(DRUMS[drum], song.tonic, song.brightness, rng)
        for step, sign in strokes(rhythm, cycle, first, last):
            onsets += step >= start
            place(-1, step, sound, 0.7 * VELOCITY[sign])
    bus[-1] *= 10 ** (song.genre.drums / 20)

    for row, (part, instrument, rhythm, gain) in enumerate(song.players):
        origin = None
        around = strokes(rhythm, cycle, first - cycle, last + cycle)
        for (step, sign), (after, _) in pairwise(around):
            end = step + (after - step) * part.gate
            if end <= first or step >= last:
                continue
            onsets += step >= start
            onset = max(step, first)  # a note that sounds already starts again in the lead-in
            duration = (min(end, last) - onset) / rate
            formants = song.throat * VOWELS[rng.integers(len(VOWELS))]
            for pitch in pitches(part, sign, song, step):
                hertz = 440 * 2 ** ((pitch - 69) / 12)
                sound = play(instrument, hertz, duration, song.brightness, rng, formants, origin)
                place(row, onset, sound, VELOCITY.get(sign, 0.8))
                origin = hertz
        if instrument.drive:
            bus[row] = distort(bus[row], instrument.drive, song.brightness)
        bus[row] *= gain * 10 ** (rng.normal(0, 0.5) / 20)

    mix = reverberate(bus.sum(axis=0), song.reverb, rng)[-round(length * SAMPLE_RATE) :]
    return record(mix, song.medium, song.brightness, rng), 60 * onsets / (length * song.tempo)


# --- corpus --------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)  # arrays do not compare to a truth value
class Clip:
    """Three seconds of a song, and the factors that generated them.

    Factors: `tempo` (beats or matras per minute), `cycle` (beats per metrical cycle), `density`
    (onsets per beat), `energy` (dBFS, RMS), `brightness` (0 to 1), `mode` (a key of MODES) and
    `tonic` (Hz).
    """

    language: str
    genre: str
    song: str  # such as "blues.03"
    clip: int  # counted within the song
    factors: dict[str, float | int | str]
    samples: np.ndarray  # (66150,), float32, mono at SAMPLE_RATE


def clips(
    seed: int, language: str, genre: str, index: int, length: float = DURATION
) -> Iterator[Clip]:
    """Yield the two or three clips of a song, which depend on these arguments alone.

    `length` is that of a clip, s.
    """
    rng = np.random.default_rng([seed, index, *f"{language}/{genre}".encode()])
    song = compose(RECIPES[language][genre], MEDIA[language], rng)
    for number, player in enumerate(rng.spawn(2 + index % 2)):
        samples, density = perform(song, player, length)
        energy = float(np.clip(song.energy + player.normal(0, 0.6), -32, -9))
        factors = {
            "tempo": song.tempo,
            "cycle": song.groove.cycle,
            "density": density,
            "energy": energy,
            "brightness": song.brightness,
            "mode": song.mode,
            "tonic": song.tonic,
        }
        samples = master(samples, energy).astype(np.float32)
        yield Clip(language, genre, f"{genre}.{index:02d}", number, factors, samples)


def corpus(
    seed: int, songs: Mapping[str, int] = SONGS, genres: Collection[str] | None = None
) -> Iterator[Clip]:
    """Yield the clips of a corpus, by language, genre and song.

    A clip of a smaller corpus equals the clip of that name in a larger one of the same seed.

    Parameters
    ----------
    seed : 0 or more
    songs : number of songs per genre, for each language to include
    genres : names of the genres to include; by default all

    Raises
    ------
    ValueError : a language or genre has no recipe, or the seed is negative
    """
    known = {genre for language in GENRES.values() for genre in language}
    if unknown := (set(songs) - set(GENRES)) | (set(genres or ()) - known):
        raise ValueError(f"no recipe for {', '.join(sorted(unknown))}")
    if seed < 0:
        raise ValueError(f"seed must not be negative, got {seed}")
    return (
        clip
        for language, count in songs.items()
        for genre in GENRES[language]
        if genres is None or genre in genres
        for index in range(count)
        for clip in clips(seed, language, genre, index)
    )
