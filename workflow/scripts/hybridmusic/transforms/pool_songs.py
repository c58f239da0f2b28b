"""Global structure: a vector for every song, from all of its clips."""

from __future__ import annotations

import numpy as np

SEVERAL = False
RANDOM = False
NEEDS = ("song",)
COMPILES = False
LEVEL = "song"
SETTINGS = {
    "statistics": {
        "type": "array",
        "items": {"enum": ["mean", "std"]},
        "minItems": 1,
        "uniqueItems": True,
        "default": ["mean", "std"],
    },
}


def transform(x: np.ndarray, seed: int, *, song: np.ndarray, statistics: list[str]) -> np.ndarray:
    """Each track's song: mean and deviation of `x` (tracks, d) over the clips of its song.

    `song` names the song of each track. All clips of a song get the same vector, of shape
    (tracks, d) for each statistic, so that the space can stand beside one of clips.
    """
    names, number = np.unique(song, return_inverse=True)
    counts = np.bincount(number)[:, None]
    sums = np.zeros((len(names), x.shape[1]))
    np.add.at(sums, number, x)
    mean = sums / counts
    squares = np.zeros_like(sums)
    np.add.at(squares, number, (x - mean[number]) ** 2)
    pooled = {"mean": mean, "std": np.sqrt(squares / counts)}
    return np.hstack([pooled[name] for name in statistics])[number].astype(np.float32)


def place(
    old: np.ndarray,
    new: np.ndarray,
    *,
    song: tuple[np.ndarray, np.ndarray],
    statistics: list[str],
) -> np.ndarray:
    """New tracks' songs, each from its new clips alone: no song of the run gets another clip."""
    return transform(new, 0, song=song[1], statistics=statistics)
