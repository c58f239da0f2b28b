"""Clips to listen to in a browser: short mono MP3 files, which all browsers play, within a bound.

As `decoding`, this imports nothing heavy.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile

from hybridmusic.sound.decoding import SAMPLE_RATE

# kbit/s that MP3 has at 22,050 Hz and music can be told at, best first.
BITRATES = (64, 56, 48, 40, 32, 24)
# libsndfile is told a bitrate as a place between these two, from 1 to 0.
RANGE = (8, 160)  # kbit/s
SHORTEST = 2.0  # s, shorter than this nothing is cut to fit
PADDING = 0.15  # s, by which an encoder makes a clip longer
FADE = 0.008  # s, against clicks
PEAK = 0.98  # of full scale; an encoder overshoots a little


class Plan(NamedTuple):
    """How clips are encoded so that all of them fit."""

    bitrate: int  # kbit/s
    seconds: float  # of each clip
    clips: int  # how many there is room for


def plan(clips: int, seconds: float, bitrate: int, megabytes: float) -> Plan:
    """The best way to keep `clips` of `seconds` each, at `bitrate` at most, within `megabytes`.

    First the bitrate goes down, then clips are cut short, and then there are fewer of them.
    """
    room = megabytes * 1e6
    allowed = [rate for rate in BITRATES if rate <= bitrate]
    for rate in allowed:
        if clips * size(rate, seconds) <= room:
            return Plan(rate, seconds, clips)
    lowest = allowed[-1]
    fitting = room / max(1, clips) / (lowest * 125) - PADDING
    if fitting >= min(seconds, SHORTEST):
        return Plan(lowest, fitting, clips)
    shortest = min(seconds, SHORTEST)
    return Plan(lowest, shortest, int(room // size(lowest, shortest)))


def size(bitrate: int, seconds: float) -> float:
    """Bytes that a clip takes at most; 125 is a kilobit."""
    return bitrate * 125 * (seconds + PADDING)


def chosen(tracks: int, clips: int) -> np.ndarray:
    """Which of `tracks` in order get one of `clips`, (tracks,) of bool, spread evenly."""
    wanted = min(tracks, clips)
    picked = np.zeros(tracks, dtype=bool)
    picked[np.arange(wanted) * tracks // max(1, wanted)] = True
    return picked


def encode(y: np.ndarray, path: Path, bitrate: int, seconds: float) -> None:
    """Write the first `seconds` of `y`, mono (samples,) at 22,050 Hz, as MP3 of a fixed bitrate.

    Loudness stays as it is, but for what is beyond full scale.
    """
    clip = y[: round(seconds * SAMPLE_RATE)] * (PEAK / max(PEAK, np.abs(y).max()))
    fade = min(round(FADE * SAMPLE_RATE), len(clip) // 2)
    ramp = np.linspace(0, 1, fade, endpoint=False)
    clip[:fade] *= ramp
    clip[len(clip) - fade :] *= ramp[::-1]
    low, high = RANGE
    soundfile.write(
        path,
        clip,
        SAMPLE_RATE,
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode="CONSTANT",
        compression_level=(high - bitrate) / (high - low),
    )
