"""From a sound file to one mono clip, whatever the file is.

A damaged file can make its decoder hang, crash or ask for all memory there is, so `guarded` runs
the decoder in a process of its own. This module imports nothing heavy, for that process starts
once per job and again after every crash.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import stat
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from hybridmusic.errors import ClipError

SAMPLE_RATE = 22_050  # Hz
# What is outside was never recorded so: a header lies. They bound what one second of a clip takes.
RATES = (1_000, 768_000)  # Hz
CHANNELS = 64
# Peak to peak. Below -80 dB nothing but dither is left, and a constant offset is no sound.
SILENCE = 1e-4
# Full scale is 1, or 2^31 where somebody stored 32-bit integers as floats; squares of what is
# much louder overflow.
LOUDEST = 2.0**31
BLOCK = 4096  # samples
# Calls handed over at once. One by one that takes a tenth of what it takes to describe a clip.
TOGETHER = 8
NO_FILES = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def load_clip(
    path: str | Path, start: float, seconds: float, min_seconds: float, rate: int = SAMPLE_RATE
) -> np.ndarray:
    """Decode `seconds` from `start` on as mono at `rate` Hz, float32 of shape (samples,).

    Channels are averaged before resampling, and nothing but the clip is decoded. Raises ClipError
    with the reason if `path` is no regular file or cannot be decoded, or the clip is empty,
    shorter than `min_seconds`, silent, or holds samples that are not finite or absurdly loud.
    """
    with opened(path) as file:
        own = file.samplerate
        file.seek(min(round(start * own), file.frames))
        samples = file.read(round(seconds * own), dtype="float32", always_2d=True)
    if not len(samples):
        raise ClipError("is empty: no samples from the start of the clip on")
    if len(samples) < round(min_seconds * own):
        raise ClipError(f"is too short: {len(samples) / own:.3f} s, {min_seconds:g} s are needed")
    if not np.isfinite(samples).all():
        raise ClipError("holds samples that are not finite (NaN or infinity)")
    if np.abs(samples).max() > LOUDEST:
        raise ClipError(f"holds samples beyond any full scale, up to {np.abs(samples).max():.1e}")
    # The mean of one channel is that channel, but takes as long as all checks above.
    mono = samples.mean(axis=1) if samples.shape[1] > 1 else samples[:, 0]
    if np.ptp(mono) < SILENCE:
        raise ClipError("is silent")
    return resample(mono, own, rate)


def resample(y: np.ndarray, rate: int, wanted: int = SAMPLE_RATE) -> np.ndarray:
    """`y` of shape (samples,) at `rate` Hz as `librosa.resample` brings it to `wanted` Hz."""
    if rate == wanted:
        return y
    size = int(np.ceil(len(y) * (wanted / rate)))
    resampled = soxr.resample(y, rate, wanted, quality="soxr_hq")[:size]
    return np.pad(resampled, (0, size - len(resampled)))


def duration(path: str | Path) -> float:
    """Seconds of sound in `path`; ClipError if it cannot be read.

    A header may promise more than the file holds, and then what is there is counted.
    """
    with opened(path) as file, suppress(soundfile.SoundFileError):
        file.seek(max(0, file.frames - 1))
        if len(file.read(1)):
            return file.frames / file.samplerate
    frames = 0
    with opened(path) as file, suppress(soundfile.SoundFileError):
        while read := len(file.read(BLOCK)):
            frames += read
    return frames / file.samplerate


def check_regular(path: str | Path) -> None:
    """Raise ClipError with the reason if `path` is no file that can be read to its end.

    To open a named pipe would wait for ever.
    """
    try:
        status = Path(path).stat()
        kind = stat.S_IFMT(status.st_mode)
        if kind in NO_FILES:
            raise ClipError(f"is {NO_FILES[kind]}, not a file")
        Path(path).open("rb").close()
    except FileNotFoundError as error:
        missing = "is a link to nothing" if Path(path).is_symlink() else "does not exist"
        raise ClipError(missing) from error
    except (OSError, ValueError) as error:
        # A path that holds a NUL is a ValueError.
        raise ClipError(f"cannot be opened: {getattr(error, 'strerror', error)}") from error
    if not status.st_size:
        raise ClipError("is empty: it has no bytes")


def guarded(
    function: Callable, calls: Iterable[tuple], seconds: float, megabytes: int
) -> Iterator[Any]:
    """For each of `calls` what `function(*call)` returns, or the ClipError that it raises.

    `function` runs in a process of its own, ahead of whoever consumes the results. A call that
    takes longer than `seconds`, crashes, or takes more than `megabytes` gives a ClipError that says
    so; the process is replaced and the calls after it go on. Any other error of `function` is
    raised here.
    """
    # A fork would copy the threads' locks but not the threads of whoever calls.
    spawning = multiprocessing.get_context("spawn")
    pool = ProcessPool(1, context=spawning, initializer=_confine, initargs=(megabytes, function))

    def begun(some: list[tuple]) -> ProcessFuture:
        return pool.schedule(_each, (function, some), timeout=seconds)

    def outcomes(some: list[tuple], future: ProcessFuture) -> list:
        try:
            return future.result()
        except (TimeoutError, MemoryError, ProcessExpired) as error:
            if len(some) == 1:
                return [_misbehaved(error, seconds, megabytes)]
        # Which of them it was shows when each is called by itself.
        return [found for call in some for found in outcomes([call], begun([call]))]

    remaining, ahead = iter(calls), deque()
    try:
        while some := list(islice(remaining, TOGETHER)):
            ahead.append((some, begun(some)))
            if len(ahead) > 1:
                yield from outcomes(*ahead.popleft())
        while ahead:
            yield from outcomes(*ahead.popleft())
    finally:
        pool.stop()
        pool.join()


def _each(function: Callable, calls: list[tuple]) -> list:
    """What the function returns for each of the calls, or the ClipError that it raises."""
    found = []
    for call in calls:
        try:
            found.append(function(*call))
        except ClipError as error:
            found.append(error)
    return found


def _misbehaved(error: Exception, seconds: float, megabytes: int) -> ClipError:
    """What is wrong with a clip whose decoder was stopped, or stopped by itself."""
    if isinstance(error, TimeoutError):
        return ClipError(f"takes longer than {seconds:g} s to decode (audio.decode_seconds)")
    if isinstance(error, MemoryError):
        return ClipError(f"needs more than {megabytes} MB to decode (audio.decode_megabytes)")
    code = error.exitcode
    how = signal.Signals(-code).name if code < 0 else f"exit status {code}"
    return ClipError(f"crashes its decoder ({how})")


def _confine(megabytes: int, function: Callable) -> None:
    """Let this process take `megabytes` more than it has, and keep its decoders quiet.

    It has imported what `function` needs, which is handed over for no other reason. Linux alone
    holds a process to a limit of its address space. Elsewhere the bounds on rates and channels,
    and the time limit, must do.
    """
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + megabytes * 2**20
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard == resource.RLIM_INFINITY or limit < hard:
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    # libmpg123 writes its opinion of every damaged file to stderr.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


@contextmanager
def opened(path: str | Path) -> Iterator[soundfile.SoundFile]:
    """The file opened for decoding; ClipError if that, or decoding in the block, fails."""
    check_regular(path)
    try:
        with soundfile.SoundFile(str(path)) as file:
            # Of what ends in .au, libsndfile takes anything for telephone speech without header.
            if file.format == "RAW":
                raise ClipError("cannot be decoded: no sound format is recognised in it")
            if not RATES[0] <= file.samplerate <= RATES[1]:
                low, high = RATES
                raise ClipError(
                    f"has a sample rate of {file.samplerate} Hz; {low} to {high} Hz are possible"
                )
            if file.channels > CHANNELS:
                raise ClipError(f"has {file.channels} channels; up to {CHANNELS} are possible")
            yield file
    except (soundfile.SoundFileError, OSError, ValueError) as error:
        # Where libsndfile takes a length to be negative, to read is a ValueError.
        raise ClipError(f"cannot be decoded: {_told(error)}") from error


def _told(error: Exception) -> str:
    """What is wrong in a sentence, with the library's own words where they help."""
    text = getattr(error, "error_string", "") or getattr(error, "strerror", "") or str(error)
    text = text.removeprefix("Error : ").strip().rstrip(".")
    # What libsndfile says of every mp3 in which it finds no frame.
    if text.startswith("File does not exist"):
        text = "no MPEG audio is recognised in it"
    return f"damaged, cut short, or no sound file ({text})"
