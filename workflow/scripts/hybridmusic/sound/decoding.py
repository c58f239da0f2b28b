"""Decode a mono clip of a sound file, however damaged the file is.

A damaged file can make its decoder hang, crash or request all memory, so `guarded` runs the decoder
in another process. This module imports nothing heavy, because that process starts once per job and
again after every crash.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from hybridmusic.errors import ClipError
from hybridmusic.sound.reading import opened

SAMPLE_RATE = 22_050  # Hz
# Peak to peak. Below -80 dB there is only dither, and a constant offset is not sound.
SILENCE = 1e-4
# Full scale is 1, or 2^31 where 32-bit integers are stored as floats. Much louder samples overflow
# when they are squared.
LOUDEST = 2.0**31
# Calls sent to the process at once. Sending them one by one takes a tenth of a job's time.
TOGETHER = 8


def load_clip(
    path: str | Path, start: float, seconds: float, min_seconds: float, rate: int = SAMPLE_RATE
) -> np.ndarray:
    """Decode a clip as mono: float32 of shape (samples,).

    Channels are averaged before resampling; only the clip is decoded.

    Parameters
    ----------
    path : of the sound file
    start, seconds : of the clip within it, s
    min_seconds : least length, s
    rate : sample rate of the result, Hz

    Raises
    ------
    ClipError : `path` is not a regular file or cannot be decoded, or the clip is empty, too short,
        silent, or has samples that are not finite or beyond any full scale
    """
    with opened(path) as sound:
        own = sound.rate
        samples = sound.read(round(start * own), round(seconds * own))
    if not len(samples):
        raise ClipError("is empty: no samples from the start of the clip on")
    if len(samples) < round(min_seconds * own):
        raise ClipError(f"is too short: {len(samples) / own:.3f} s, {min_seconds:g} s are needed")
    if not np.isfinite(samples).all():
        raise ClipError("holds samples that are not finite (NaN or infinity)")
    if np.abs(samples).max() > LOUDEST:
        raise ClipError(f"holds samples beyond any full scale, up to {np.abs(samples).max():.1e}")
    # Averaging one channel would take as long as all checks above.
    mono = samples.mean(axis=1) if samples.shape[1] > 1 else samples[:, 0]
    if np.ptp(mono) < SILENCE:
        raise ClipError("is silent")
    return resample(mono, own, rate)


def resample(y: np.ndarray, rate: int, wanted: int = SAMPLE_RATE) -> np.ndarray:
    """Resample `y`, (samples,) at `rate` Hz, to `wanted` Hz, as `librosa.resample` does."""
    if rate == wanted:
        return y
    size = int(np.ceil(len(y) * (wanted / rate)))
    resampled = soxr.resample(y, rate, wanted, quality="soxr_hq")[:size]
    return np.pad(resampled, (0, size - len(resampled)))


def duration(path: str | Path) -> float:
    """Return the seconds of sound in a file; raise ClipError if it cannot be read."""
    with opened(path) as sound:
        return sound.count() / sound.rate


def guarded(
    function: Callable, calls: Iterable[tuple], seconds: float, megabytes: int
) -> Iterator[Any]:
    """Yield, for each call, the result of `function(*call)` or the ClipError that it raises.

    Calls run in another process, ahead of the caller. A call that exceeds a limit or crashes
    yields a ClipError, and a new process takes the calls after it. Any other error is raised here.

    Parameters
    ----------
    function : can be imported by name, and its module imports little
    calls : arguments of each call
    seconds : limit for one call, s
    megabytes : limit of memory, more than the process needs at its start
    """
    # A forked process would copy locks of threads that it does not have.
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
        # Repeat the calls one by one to find the one that misbehaves.
        return [result for call in some for result in outcomes([call], begun([call]))]

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
    """Return, for each call, the function's result or the ClipError that it raises."""
    results = []
    for call in calls:
        try:
            results.append(function(*call))
        except ClipError as error:
            results.append(error)
    return results


def _misbehaved(error: Exception, seconds: float, megabytes: int) -> ClipError:
    """Return the reason for a clip whose decoder was stopped or crashed."""
    if isinstance(error, TimeoutError):
        return ClipError(f"takes longer than {seconds:g} s to decode (audio.decode_seconds)")
    if isinstance(error, MemoryError):
        return ClipError(f"needs more than {megabytes} MB to decode (audio.decode_megabytes)")
    code = error.exitcode
    how = signal.Signals(-code).name if code < 0 else f"exit status {code}"
    return ClipError(f"crashes its decoder ({how})")


def _confine(megabytes: int, function: Callable) -> None:
    """Limit this process to `megabytes` more than it has, and silence its decoders.

    `function` is an argument so that its module is imported, and counted, before. Only Linux
    enforces a limit of the address space. Elsewhere the limits on rates, channels and time remain.
    """
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + megabytes * 2**20
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard == resource.RLIM_INFINITY or limit < hard:
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    # libmpg123 writes a message about every damaged file to stderr.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
