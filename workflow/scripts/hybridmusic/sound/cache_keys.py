"""Cache keys of clips, which depend on their content and not on their names."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from importlib import metadata

import pandas as pd

# Libraries whose versions may change what is computed from the same clip.
LIBRARIES = ("av", "numpy", "scipy", "soundfile", "soxr")


def shard(tracks: pd.DataFrame, number: int, shards: int) -> pd.DataFrame:
    """Return the tracks that job `number` of `shards` describes, by a hash of content and start.

    Every job gets about as many tracks, of every source. Taking every n-th row instead would move
    most tracks to another job, which has not cached them, whenever one is added.
    """
    files = tracks["content"].fillna(tracks["id"])
    jobs = [
        zlib.crc32(f"{file}@{start}".encode()) % shards
        for file, start in zip(files, tracks["start"], strict=True)
    ]
    return tracks[pd.Series(jobs, index=tracks.index, dtype=int) == number]


def keys(tracks: pd.DataFrame, stamp: str) -> list[str | None]:
    """Return the cache key of each track; None where its file has no content."""
    return [
        f"{content}@{start} {stamp}" if pd.notna(content) else None
        for content, start in zip(tracks["content"], tracks["start"], strict=True)
    ]


def stamp(code: Iterable[bytes], settings: Mapping, libraries: Iterable[str] = LIBRARIES) -> str:
    """Return a digest of the code, settings and versions of libraries that describe clips."""
    versions = {name: metadata.version(name) for name in libraries}
    text = json.dumps([dict(settings), versions], sort_keys=True)
    hashed = hashlib.blake2b(text.encode(), digest_size=16)
    for module in code:
        hashed.update(hashlib.blake2b(module).digest())
    return hashed.hexdigest()
