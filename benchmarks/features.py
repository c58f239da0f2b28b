"""Time the description of clips: against librosa, in jobs of several sizes, in two jobs at once.

    make bench-features BENCH_ARGS="--folder MUSIC --clips 100 --rounds 9"

Each job has one core. The clips are the demo's unless a folder of sound files is given.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import librosa
import numpy as np
import pandas as pd
import psutil
import soundfile

import timing
from adapters.features import extract_features
from hybridmusic.demo import synthesis
from hybridmusic.errors import ClipError, InputError
from hybridmusic.sound import by_librosa, features

SAVED = Path("results/benchmarks/features.json")
ENDINGS = {".wav", ".flac", ".mp3", ".ogg", ".au"}
SETTINGS = {"clip_seconds": 3.0, "min_seconds": 1.0, "decode_seconds": 60, "decode_megabytes": 1024}
JOBS = (250, 500, 1000, 2000)  # clips


def call_by_call(path: Path) -> dict:
    """Compute the features of a file with one call of librosa each."""
    return by_librosa.describe_file(path, 0.0, SETTINGS["clip_seconds"])


def one_spectrogram(path: Path) -> dict:
    """Compute the same with one spectrogram, which librosa's functions share."""
    y, sr = librosa.load(path, duration=SETTINGS["clip_seconds"])
    magnitude = np.abs(librosa.stft(y))
    power = magnitude**2
    mel = librosa.power_to_db(librosa.feature.melspectrogram(S=power, sr=sr))
    onsets = librosa.onset.onset_strength(S=mel, sr=sr, aggregate=np.median)
    mfcc = librosa.feature.mfcc(S=mel, n_mfcc=13)
    moments = [mfcc.mean(axis=1), mfcc.std(axis=1), mfcc.min(axis=1), mfcc.max(axis=1)]
    tempo = librosa.beat.beat_track(onset_envelope=onsets, sr=sr)[0]
    chroma = librosa.feature.chroma_stft(S=power, sr=sr)
    frames = {
        "energy": librosa.feature.rms(y=y)[0],
        "brightness": librosa.feature.spectral_centroid(S=magnitude, sr=sr)[0],
        "rhythm": chroma.std(axis=0),
    }
    fields = {"mfcc": np.stack(moments, axis=1).ravel(), "tempo": float(np.ravel(tempo)[0])}
    for name, values in frames.items():
        fields[name] = values.mean() if name != "rhythm" else chroma.std()
        fields[f"{name}_low"], fields[f"{name}_high"] = np.percentile(values, (33, 67))
    return fields


def ours(path: Path) -> dict:
    """Compute the same as a job of the workflow does."""
    fields = features.describe_file(path, 0.0, SETTINGS["clip_seconds"], SETTINGS["min_seconds"])
    return {name: value for name, value in fields.items() if name not in extract_features.ALSO}


def against_librosa(paths: list[Path], rounds: int) -> list[dict]:
    """Compare the times from file to features, in one process."""
    ways = (call_by_call, one_spectrogram, ours)
    work = {way.__name__: lambda way=way: [way(path) for path in paths] for way in ways}
    seconds = timing.alternate(work, rounds, clock=time.process_time)
    rows = []
    for slow in ("call_by_call", "one_spectrogram"):
        ratios = timing.ratios(seconds[slow], seconds["ours"])
        rows.append(timing.row(f"times as fast as librosa, {slow.replace('_', ' ')}", ratios))
    return rows


def jobs(paths: list[Path], sizes: list[int], rounds: int, folder: Path) -> list[dict]:
    """Measure jobs of the workflow: by number of clips, alone and two at once."""
    measured: dict[int, list[dict]] = {n: [] for n in (1, *sizes)}
    together = []
    for _ in range(rounds):
        for n in measured:
            measured[n] += run(paths, [n], folder)
        both = run(paths, [sizes[-1]] * 2, folder)
        alone, slower = measured[sizes[-1]][-1]["seconds"], max(job["seconds"] for job in both)
        together.append(2 * alone / slower)
    start = [job["cpu"] for job in measured[1]]
    rows = [timing.row("s of CPU to start a job", start)]
    for n in sizes:
        each = [(job["cpu"] - one) / (n - 1) for job, one in zip(measured[n], start, strict=True)]
        rows.append(timing.row(f"ms of CPU per clip, of {n}", [1000 * seconds for seconds in each]))
    megabytes = [job["megabytes"] for several in measured.values() for job in several]
    return [
        *rows,
        timing.row("times as many clips by two jobs at once", together),
        timing.row("MB of memory at most, a job with its decoder", megabytes),
    ]


def run(paths: list[Path], sizes: list[int], folder: Path) -> list[dict]:
    """Run jobs of these sizes at once, each in its own process, and return their measures."""
    started = []
    for number, n in enumerate(sizes):
        own = Path(tempfile.mkdtemp(dir=folder))
        files = [str(paths[i % len(paths)].resolve()) for i in range(n)]
        names = [f"{number}/{i}" for i in range(n)]
        table = pd.DataFrame({"id": names, "content": names, "file_path": files, "start": 0.0})
        table.to_parquet(own / "catalogue.parquet")
        command = [sys.executable, PROGRAM, "--job", own]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
    return [json.loads(process.communicate()[0]) for process in started]


def job(folder: Path) -> dict:
    """Run the adapter as the workflow does; return time and memory, with its decoding process."""
    table = {name: folder / f"{name}.parquet" for name in ("catalogue", "features")}
    started = time.perf_counter()
    with helpers_memory() as helpers:
        extract_features.main(
            SimpleNamespace(
                input=SimpleNamespace(catalogue=table["catalogue"], code=[]),
                output=SimpleNamespace(
                    features=table["features"],
                    fingerprints=folder / "fingerprints.parquet",
                    rejected=folder / "rejected.csv",
                    descriptors=[],
                ),
                params=Params(shards=1, also=[], **SETTINGS),
                wildcards=SimpleNamespace(shard="0"),
            )
        )
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {
        "seconds": time.perf_counter() - started,
        "cpu": sum(usage.ru_utime + usage.ru_stime for usage in used),
        "megabytes": used[0].ru_maxrss / unit + max(helpers) / 2**20,
    }


@contextmanager
def helpers_memory() -> Iterator[list[int]]:
    """Sample, twice a second, the bytes that all child processes hold together.

    The system's maximum for a child includes the memory of the process that it was forked from, so
    it would count that twice.
    """
    sizes, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.5):
            with suppress(psutil.NoSuchProcess):
                children = psutil.Process().children(recursive=True)
                sizes.append(sum(child.memory_info().rss for child in children))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield sizes
    finally:
        ended.set()
        watcher.join()


class Params(dict):
    """Parameters by name, as Snakemake gives them to scripts."""

    __getattr__ = dict.__getitem__


def clips(folder: Path | None, count: int, scratch: Path) -> list[Path]:
    """Choose up to `count` usable sound files, evenly from `folder` or from the demo's clips."""
    if folder is None:
        folder = scratch / "demo"
        folder.mkdir()
        for number, clip in enumerate(synthesis.corpus(42, {"english": 2, "bangla": 2})):
            path = folder / f"{number}.wav"
            soundfile.write(path, clip.samples, synthesis.SAMPLE_RATE, subtype="PCM_16")
    paths = [p for p in sorted(folder.rglob("*")) if p.suffix.lower() in ENDINGS and usable(p)]
    if not paths:
        raise InputError(f"{folder} has no sound files that can be used; name another --folder")
    return [paths[i] for i in np.linspace(0, len(paths) - 1, min(count, len(paths))).astype(int)]


def usable(path: Path) -> bool:
    """Whether a clip can be described."""
    try:
        return bool(ours(path))
    except ClipError:
        return False


def main() -> None:
    """Run the benchmark, and print and save its table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, help="sound files to use instead of the demo's")
    parser.add_argument("--clips", type=int, default=50, help="how many of them (default: 50)")
    parser.add_argument("--rounds", type=int, default=5, help="how often (default: 5)")
    parser.add_argument(
        "--jobs", type=int, nargs="+", default=JOBS, help="clips of a job (default: %(default)s)"
    )
    parser.add_argument("--job", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.job:
        print(json.dumps(job(chosen.job)))
        return
    warnings.simplefilter("ignore")  # librosa's, of clips without pitch
    with tempfile.TemporaryDirectory() as scratch:
        paths = clips(chosen.folder, chosen.clips, Path(scratch))
        # Jobs first, because a process's memory includes that of the one it was forked from.
        rows = jobs(paths, chosen.jobs, chosen.rounds, Path(scratch))
        rows = against_librosa(paths, chosen.rounds) + rows
    timing.report(rows, SAVED)


if __name__ == "__main__":
    PROGRAM = __file__
    # Otherwise Python would have the decoding process import this file, and librosa with it.
    del __file__
    main()
