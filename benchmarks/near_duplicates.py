"""Measure recall and false alarms of fingerprints: edited copies of songs, and pairs of songs.

    make bench-near-duplicates BENCH_ARGS="--folder MUSIC"

Songs are the demo's, of all genres, unless a folder of sound files is given, in which each file is
another song. Of each song one clip of 3 s is compared, which is harder than several. AAC needs the
package `av`, and is left out without it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile
from scipy.stats import binomtest

from hybridmusic.demo import synthesis
from hybridmusic.demo.recipes import GENRES, MEDIA, RECIPES, SONGS
from hybridmusic.errors import ClipError, InputError
from hybridmusic.sound.decoding import SAMPLE_RATE, load_clip, resample
from hybridmusic.sound.fingerprint import fingerprint
from hybridmusic.sound.spectra import spectrogram
from hybridmusic.studies.near_duplicates import matches
from hybridmusic.tables.sheet import Sheet, to_markdown

SAVED = Path("results/benchmarks/near_duplicates.json")
CLIP = 3.0  # s
SHIFTS = (0.1, 0.25, 0.5, 1.0, 1.5, 2.0)  # s
NEEDED = CLIP + max(SHIFTS)  # s of a song
RATE = 44_100  # Hz, of what is encoded, in two channels
BITRATE = 128_000  # bit/s
ORIGINAL = "original"


def mp3(path: Path, y: np.ndarray) -> None:
    """Write an MP3 of constant bit rate; libsndfile maps 0 to 1 on 320 to 32 kbit/s."""
    level = (320_000 - BITRATE) / (320_000 - 32_000)
    samples = np.stack([resample(y, SAMPLE_RATE, RATE)] * 2, axis=1)
    soundfile.write(path, samples, RATE, bitrate_mode="CONSTANT", compression_level=level)


def aac(path: Path, y: np.ndarray) -> None:
    """Write sound that went through AAC, with the encoder and the decoder of FFmpeg."""
    import av

    samples = np.stack([resample(y, SAMPLE_RATE, RATE)] * 2).astype(np.float32)
    encoded = path.with_suffix(".aac")
    with av.open(encoded, "w") as file:
        stream = file.add_stream("aac", rate=RATE, layout="stereo", bit_rate=BITRATE)
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="stereo")
        frame.sample_rate = RATE
        for part in (frame, None):
            file.mux(stream.encode(part))
    with av.open(encoded) as file:
        decoded = np.concatenate([f.to_ndarray() for f in file.decode(audio=0)], axis=1)
    encoded.unlink()
    soundfile.write(path, decoded.T, RATE, subtype="FLOAT")


def wav(path: Path, y: np.ndarray, rate: int = SAMPLE_RATE) -> None:
    """Write a WAV at `rate`, in Hz."""
    soundfile.write(path, resample(y, SAMPLE_RATE, rate), rate, subtype="FLOAT")


def noisy(y: np.ndarray) -> np.ndarray:
    """Add white noise 40 dB below the music; it differs from song to song."""
    noise = np.random.default_rng(zlib.crc32(y.tobytes())).normal(size=len(y))
    return y + 0.01 * np.sqrt(np.mean(y**2)) * noise.astype(np.float32)


def low_passed(y: np.ndarray) -> np.ndarray:
    """Remove all above 5 kHz, which an encoder of speech or a poor one does."""
    spectrum = np.fft.rfft(y)
    spectrum[np.fft.rfftfreq(len(y), 1 / SAMPLE_RATE) > 5000] = 0
    return np.fft.irfft(spectrum, len(y)).astype(np.float32)


# Name of an edit: ending of its file, a function that writes it, and where the clip begins, s.
Edit = tuple[str, Callable[[Path, np.ndarray], None], float]
EDITS: dict[str, Edit] = {
    ORIGINAL: (".wav", wav, 0.0),
    "gain of -20 dB": (".wav", lambda path, y: wav(path, 0.1 * y), 0.0),
    "noise at -40 dB": (".wav", lambda path, y: wav(path, noisy(y)), 0.0),
    "low-pass at 5 kHz": (".wav", lambda path, y: wav(path, low_passed(y)), 0.0),
    "MP3, 128 kbit/s": (".mp3", mp3, 0.0),
    "AAC, 128 kbit/s": (".wav", aac, 0.0),
    "resampled to 16 kHz": (".wav", lambda path, y: wav(path, y, 16_000), 0.0),
    "resampled to 48 kHz": (".wav", lambda path, y: wav(path, y, 48_000), 0.0),
    **{f"shift by {shift:g} s": (".wav", wav, shift) for shift in SHIFTS},
    "MP3, noise, shift by 0.5 s": (".mp3", lambda path, y: mp3(path, noisy(y)), 0.5),
    "MP3, noise, shift by 2 s": (".mp3", lambda path, y: mp3(path, noisy(y)), 2.0),
    "AAC, shift by 2 s": (".wav", aac, 2.0),
}


def demo_songs(count: int | None = None) -> Iterator[np.ndarray]:
    """Yield an excerpt of every song of the demo, or of `count` songs of each genre: (samples,)."""
    for language, genres in GENRES.items():
        for genre in genres:
            for index in range(count or SONGS[language]):
                rng = np.random.default_rng([42, index, *f"{language}/{genre}".encode()])
                song = synthesis.compose(RECIPES[language][genre], MEDIA[language], rng)
                yield synthesis.master(synthesis.perform(song, rng, NEEDED)[0], song.energy)


def songs_of(folder: Path) -> Iterator[np.ndarray]:
    """Yield an excerpt of every file below `folder` that is long enough."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            yield load_clip(path, 0.0, NEEDED, NEEDED)
        except ClipError:
            continue


def fingerprints(songs: list[np.ndarray], edit: Edit, folder: Path) -> np.ndarray:
    """Edit each song, and return the fingerprint of a clip of its file: (songs, words)."""
    ending, write, start = edit
    path = folder / f"edited{ending}"
    rows = []
    for y in songs:
        write(path, np.asarray(y, dtype=np.float32))
        rows.append(fingerprint(spectrogram(load_clip(path, start, CLIP, CLIP - 0.1))))
    shortest = min(map(len, rows))
    return np.stack([row[:shortest] for row in rows])


def all_fingerprints(songs: list[np.ndarray]) -> dict[str, np.ndarray]:
    """Return the fingerprints of the songs by edit; edits by AAC are left out without `av`."""
    try:
        import av  # noqa: F401
    except ImportError:
        edits = {name: edit for name, edit in EDITS.items() if edit[1] is not aac}
        print("Left out: AAC, because the package av is not installed")
    else:
        edits = EDITS
    with tempfile.TemporaryDirectory() as folder:
        return {name: fingerprints(songs, edit, Path(folder)) for name, edit in edits.items()}


def recall(original: np.ndarray, edited: np.ndarray) -> np.ndarray:
    """Return whether the match of each song with its edited copy is found, (songs,) of bool."""
    n = len(original)
    pairs = matches(_joined([original, edited]), np.arange(2 * n))
    return np.isin(np.arange(n), pairs[pairs[:, 0] + n == pairs[:, 1], 0])


def false_alarms(versions: list[np.ndarray]) -> tuple[int, int]:
    """Return how many pairs of different songs match in any version, and how many there are."""
    n = len(versions[0])
    song = np.tile(np.arange(n), len(versions))
    pairs = np.sort(song[matches(_joined(versions), song)], axis=1)
    return len(np.unique(pairs, axis=0)), n * (n - 1) // 2


def table(known: dict[str, np.ndarray]) -> pd.DataFrame:
    """Tabulate the recall of each edit, and false alarms, with Wilson's 95 % intervals."""
    found = {name: recall(known[ORIGINAL], known[name]) for name in known if name != ORIGINAL}
    counts = {name: (int(matched.sum()), len(matched)) for name, matched in found.items()}
    counts["none: pairs of different songs"] = false_alarms(list(known.values()))
    rows = []
    for name, (count, of) in counts.items():
        low, high = binomtest(count, of).proportion_ci(method="wilson")
        interval = f"{100 * low:.2f} to {100 * high:.2f} %"
        rows.append({"Edit": name, "Found": f"{count} of {of}", "95 % interval": interval})
    return pd.DataFrame(rows)


def _joined(versions: list[np.ndarray]) -> np.ndarray:
    """Join fingerprints of several edits below each other, cut to the shortest."""
    shortest = min(words.shape[1] for words in versions)
    return np.concatenate([words[:, :shortest] for words in versions])


def main() -> None:
    """Print and save the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, help="sound files to use instead of the demo's")
    folder = parser.parse_args().folder
    songs = list(demo_songs() if folder is None else songs_of(folder))
    if len(songs) < 2:
        raise InputError(f"{folder} needs at least two sound files of {NEEDED:g} s or more")
    powers = [spectrogram(y[: round(CLIP * SAMPLE_RATE)]) for y in songs]
    started = time.process_time()
    for power in powers:
        fingerprint(power)
    milliseconds = 1000 * (time.process_time() - started) / len(songs)
    measured = table(all_fingerprints(songs))
    print(to_markdown(Sheet("", measured)))
    print(f"{len(songs)} songs, {milliseconds:.2f} ms of one core per fingerprint")
    SAVED.parent.mkdir(parents=True, exist_ok=True)
    SAVED.write_text(json.dumps(measured.to_dict("records"), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
