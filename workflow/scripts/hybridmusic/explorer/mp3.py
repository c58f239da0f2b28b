"""Encode clips as short mono MP3 files, which all browsers play, within a limit of size.

Like `decoding`, this imports nothing that takes time.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile

from hybridmusic.sound.decoding import SAMPLE_RATE

# Bitrates of MP3 at 22,050 Hz at which music is recognisable, in kbit/s, best first.
BITRATES = (64, 56, 48, 40, 32, 24)
# libsndfile takes a bitrate as a place between these two, from 1 to 0.
RANGE = (8, 160)  # kbit/s
SHORTEST = 2.0  # s; no clip is cut shorter than this
PADDING = 0.15  # s that an encoder adds to a clip
FADE = 0.008  # s, against clicks
PEAK = 0.98  # of full scale; an encoder overshoots a little


class Plan(NamedTuple):
    """Settings of an encoding of clips that fits a limit of size."""

    bitrate: int  # kbit/s
    seconds: float  # of each clip
    clips: int  # at most


def plan(clips: int, seconds: float, bitrate: int, megabytes: float) -> Plan:
    """Choose the best encoding of `clips` clips that fits into `megabytes`.

    At most they are `seconds` long, at `bitrate` kbit/s. First the bitrate is lowered, then clips
    are cut, and then clips are left out.
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
    """Return the bytes that a clip takes at most; a kilobit is 125 bytes."""
    return bitrate * 125 * (seconds + PADDING)


def chosen(tracks: int, clips: int) -> np.ndarray:
    """Spread `clips` evenly over `tracks` in order; return which get one, (tracks,) of bool."""
    wanted = min(tracks, clips)
    has_clip = np.zeros(tracks, dtype=bool)
    has_clip[np.arange(wanted) * tracks // max(1, wanted)] = True
    return has_clip


def encode(y: np.ndarray, path: Path, bitrate: int, seconds: float) -> None:
    """Write the first `seconds` of `y`, mono (samples,) at 22,050 Hz, as MP3 of a fixed bitrate.

    Clips that exceed full scale become quieter; the loudness of others stays.
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
