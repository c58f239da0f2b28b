"""Which clips have been described before, told by what is in them and not by their names."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from importlib import metadata

import pandas as pd

# Libraries whose versions may change what is computed from the same clip.
LIBRARIES = ("numpy", "scipy", "soundfile", "soxr")


def shard(tracks: pd.DataFrame, number: int, shards: int) -> pd.DataFrame:
    """The tracks that job `number` of `shards` describes, by a hash of file and start.

    About equally many for every job, of every source. Not every n-th row, because then a track
    more would move most others to another job, which does not know them.
    """
    files = tracks["content"].fillna(tracks["id"])
    jobs = [
        zlib.crc32(f"{file}@{start}".encode()) % shards
        for file, start in zip(files, tracks["start"], strict=True)
    ]
    return tracks[pd.Series(jobs, index=tracks.index, dtype=int) == number]


def keys(tracks: pd.DataFrame, stamp: str) -> list[str | None]:
    """What the description of each track depends on; None where its file has no content."""
    return [
        f"{content}@{start} {stamp}" if pd.notna(content) else None
        for content, start in zip(tracks["content"], tracks["start"], strict=True)
    ]


def stamp(code: Iterable[bytes], settings: Mapping, libraries: Iterable[str] = LIBRARIES) -> str:
    """A digest of what descriptions depend on beside the clip: code, settings and libraries."""
    versions = {name: metadata.version(name) for name in libraries}
    text = json.dumps([dict(settings), versions], sort_keys=True)
    hashed = hashlib.blake2b(text.encode(), digest_size=16)
    for module in code:
        hashed.update(hashlib.blake2b(module).digest())
    return hashed.hexdigest()
