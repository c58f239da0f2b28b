"""Pool the clips of each song into one vector."""

from __future__ import annotations

import numpy as np

SEVERAL = False
RANDOM = False
NEEDS = ("song",)
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
    """Return the `statistics` of `x` (tracks, d) over each song: (tracks, d * statistics).

    `song` names the song of each track. All clips of a song get the same vector, so the space has
    the same rows as a space of clips.
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
    """Pool the new clips of each song; songs of the run get no further clips."""
    return transform(new, 0, song=song[1], statistics=statistics)
