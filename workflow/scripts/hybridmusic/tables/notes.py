"""Notes that several tables share: facts that a reader needs to interpret them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from hybridmusic import kinds
from hybridmusic.terms import SONG

GIVEN_CLUSTERS = (
    "Intervals are of 90 % over songs, given these clusters: methods are not fitted again here, so "
    "the intervals are too narrow."
)
FITTED_AGAIN = (
    "Intervals of 90 %: songs of each genre and language are split into random halves, and every "
    "method is fitted again on both, from the scaling of features on, with every seed in turn. The "
    "standard error is the standard deviation of half of their difference (half-samples and their "
    "complements, McCarthy 1969)."
)
TEXT_BLOCK = [
    "Tracks with the same sentence have the same row in the text block, which has most columns of "
    "the hybrid space. If a few sentences cover most tracks, clusters in that space are these "
    "sentences.",
    "Words by corpus are tertiles over all tracks, as in the paper; words by track are percentiles "
    "of each track's own frames, as in its released code.",
]


def song_level(levels: Iterable[str], songs: pd.Series) -> list[str]:
    """Explain song level if a method of the table is at that level; `songs` is by track."""
    if SONG not in levels:
        return []
    if songs.is_unique:
        return ["Song level: one row for each song. Here every song has one clip, so both agree."]
    return [
        "Song level: all clips of a song share one vector, so each song is clustered and scored as "
        "one row. With fewer rows the chance level of NMI rises, that of ARI does not; differences "
        "are taken on the same tracks, the first clip of each song."
    ]


def named_units(tracks: pd.DataFrame) -> str:
    """Name the independent units of a catalogue: artists, songs, or which of both."""
    known = int((tracks["unit"] != tracks["song"]).sum())
    if known in (0, len(tracks)):
        return "artists" if known else "songs"
    return f"artists where known ({known:,} of {len(tracks):,} tracks), else songs"


def units(tracks: pd.DataFrame) -> list[str]:
    """Say which units the statistics of a table take, where they are not all songs."""
    names = named_units(tracks)
    if names == "songs":
        return []
    return [
        f"Units: {names}. Tracks of one artist are not independent, so whole units are what is "
        "resampled, shuffled, split and held out here, also where the notes say songs."
    ]


def sampled(
    n_tracks: int, exact_up_to: int, clusterers: Iterable[str], errors: Iterable[float]
) -> list[str]:
    """Say what is not exact in a table of `n_tracks`; nothing up to `exact_up_to` tracks.

    `clusterers` are the kinds of its methods, `errors` the standard errors of its Silhouettes.
    """
    if n_tracks <= exact_up_to:
        return []
    sentences = [f"There are {n_tracks:,} tracks, more than exact_up_to, {exact_up_to:,}."]
    errors = [error for error in errors if np.isfinite(error)]
    if errors:
        sentences.append(
            f"Silhouettes are of a random sample of {exact_up_to:,} tracks, with a standard error "
            f"of at most {max(errors):.4f}."
        )
    for kind in dict.fromkeys(clusterers):
        if approximation := kinds.declared("clusterers", kind, "BEYOND"):
            sentences.append(f"{kind} clusters {approximation}.")
    return sentences
