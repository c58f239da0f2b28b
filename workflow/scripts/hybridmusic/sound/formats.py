"""Endings and first bytes of sound files that can be decoded.

The workflow imports this whenever it is parsed, so it needs nothing but the standard library.
"""

from __future__ import annotations

import re

# Files that libsndfile decodes.
PLAIN = (
    *(".wav", ".flac", ".mp3", ".mp2", ".ogg", ".oga", ".opus", ".au", ".aif", ".aiff", ".aifc"),
    *(".caf", ".w64", ".rf64"),
)
# Files that FFmpeg decodes. A protected .m4p is listed so that its rejection is reported.
STREAMED = (
    *(".m4a", ".m4b", ".m4p", ".mp4", ".aac", ".alac", ".wma", ".asf", ".ape", ".wv", ".mka"),
    *(".webm", ".tta", ".ac3", ".spx"),
)
AUDIO_ENDINGS = PLAIN + STREAMED
# First bytes of sound files: WAV, FLAC, Ogg, ID3, AIFF, AU, CAF, W64, MPEG-4, Matroska, ASF,
# WavPack, Monkey's Audio, TTA, AC-3, and frames of MPEG audio.
BEGINNING = re.compile(
    rb"RIFF....WAVE|RF64....WAVE|fLaC|OggS|ID3|FORM....AIF[FC]|\.snd|caff|riff\x2e\x91\xcf\x11|"
    rb"....ftyp|\x1aE\xdf\xa3|0&\xb2u\x8ef\xcf\x11|wvpk|MAC |TTA[12]|\x0bw|\xff[\xe2-\xff]",
    re.DOTALL,
)
# FFmpeg's names of the containers of these files. It must open no others: a playlist that is named
# song.mp4 would make it open whatever the playlist lists.
CONTAINERS = (
    *("aac", "ac3", "aiff", "ape", "asf", "au", "caf", "flac", "matroska", "mov", "mp3", "ogg"),
    *("tta", "w64", "wav", "wv"),
)
