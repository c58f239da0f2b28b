"""Groups of songs with the same sound: double uploads, re-encodings, overlapping cuts.

Clips are compared by fingerprints, rows of feature tables by features. `songs` (tracks,) are
integers from 0 on. docs/duplicates.md has recall and false alarms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors

from hybridmusic.sound.fingerprint import BITS, NO_SOUND

# Share of a song's clips that the other song has too: a shared sample or intro is no duplicate.
SHARED = 0.5
# Words that two clips share at least. Clips of 3 s, shifted by 2 s, share 33 of their 119.
OVERLAP = 24
# Greatest share of wrong bits. The worst of 160 demo songs and 100 real excerpts has 0.08 after
# encoding or a shift by half a frame; the closest of 18,000 pairs of other songs has 0.30.
WRONG = 0.2
# Each word of a clip is looked up in as many other clips, so the cost grows with their number only.
LOOKED_UP = 16
AT_ONCE = 2**19  # words compared at once
# On the feature tables of GTZAN and BanglaBeats every group is of one genre, but for equal rows.
CLOSENESS = 0.2
SAMPLE = 300  # tracks whose nearest neighbour is searched for the radius


class Duplicates(NamedTuple):
    """Groups of tracks, (tracks,) of integers from 0; those of a group share a number."""

    exact: np.ndarray  # tracks with equal features
    near: np.ndarray  # songs with the same sound, all of their tracks
    heard: np.ndarray  # whether a track was compared by its fingerprint, (tracks,) of bool
    radius: float  # greatest distance of near features


def duplicates(
    x: np.ndarray, songs: np.ndarray, fingerprints: Sequence[np.ndarray | None]
) -> Duplicates:
    """Group equal tracks, and songs of which one shares at least SHARED of its tracks.

    Groups are connected components. A fingerprint matches by `matches`; a track without one, or
    with a short one, by its distance to any other (see `close`).

    Parameters
    ----------
    x : standardised features, (tracks, d)
    songs : (tracks,)
    fingerprints : of each track, see `sound.fingerprint`; None where there is no sound
    """
    exact = np.unique(x, axis=0, return_inverse=True)[1].ravel()
    shape = len(songs), songs.max() + 1
    heard = np.array([words is not None and len(words) >= OVERLAP for words in fingerprints])
    rows = np.flatnonzero(heard)
    a, b = rows[matches(_padded([fingerprints[row] for row in rows]), songs[rows])].T
    found = _marked(a, songs[b], shape) + _marked(b, songs[a], shape)
    radius = 0.0
    if not heard.all():
        radius = CLOSENESS * typical_distance(x, songs, exact)
        found += close(x, songs, heard, radius)
    members = _marked(np.arange(len(songs)), songs, shape)
    shared = (members.T @ found.sign()).tocoo()
    linked = shared.data >= SHARED * np.bincount(songs)[shared.row]
    links = _marked(shared.row[linked], shared.col[linked], shared.shape)
    return Duplicates(exact, connected_components(links, directed=False)[1][songs], heard, radius)


def matches(words: np.ndarray, songs: np.ndarray) -> np.ndarray:
    """Find tracks of different songs with the same sound: pairs of rows, (pairs, 2).

    An index of all words gives candidates and their shift: each word of a track is looked up in
    LOOKED_UP others that have it, drawn at random where more have it. Repeated bars therefore hide
    nothing, and for n words the cost is O(n log n). Candidates match if at most WRONG of their bits
    differ, over at least OVERLAP words.

    Parameters
    ----------
    words : int32, (tracks, words), NO_SOUND behind the end of shorter fingerprints
    songs : (tracks,)
    """
    tracks, times = np.nonzero(words != NO_SOUND)
    values = words[tracks, times]
    # The first place of each word in a track is enough: if it sounds on, so does it in a copy.
    keys = values.view(np.uint32).astype(np.uint64) << np.uint64(32) | tracks.astype(np.uint64)
    first = np.unique(keys, return_index=True)[1]
    tracks, times, values = tracks[first], times[first], values[first]
    drawn = np.lexsort((np.random.default_rng(0).random(len(values)), values))
    tracks, times, values = tracks[drawn], times[drawn], values[drawn]
    candidates = []
    for step in range(1, LOOKED_UP + 1):
        alike = (values[:-step] == values[step:]) & (songs[tracks[:-step]] != songs[tracks[step:]])
        left = np.flatnonzero(alike)
        a, b, shift = tracks[left], tracks[left + step], times[left] - times[left + step]
        # The lower row first, so that each pair is compared once at each shift.
        ordered = np.minimum(a, b), np.maximum(a, b), np.where(a < b, shift, -shift)
        candidates.append(np.stack(ordered, axis=1))
    candidates = np.unique(np.concatenate(candidates), axis=0)
    block = max(1, AT_ONCE // max(1, words.shape[1]))
    blocks = np.array_split(candidates, range(block, len(candidates), block))
    agree = np.concatenate([_agree(words, *pairs.T) for pairs in blocks])
    return np.unique(candidates[agree, :2], axis=0)


def _agree(words: np.ndarray, a: np.ndarray, b: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Return whether tracks `a` and `b` sound alike at a shift, (pairs,) of bool each.

    Word t of `a` is compared with word t - `shift` of `b`.
    """
    times = np.arange(words.shape[1]) - shift[:, None]
    inside = (times >= 0) & (times < words.shape[1])
    left = words[a]
    right = np.where(inside, words[b[:, None], np.where(inside, times, 0)], NO_SOUND)
    both = (left != NO_SOUND) & (right != NO_SOUND)
    overlap = both.sum(axis=1)
    wrong = np.where(both, np.bitwise_count(left.view(np.uint32) ^ right.view(np.uint32)), 0)
    return (overlap >= OVERLAP) & (wrong.sum(axis=1) <= WRONG * BITS * overlap)


def typical_distance(x: np.ndarray, songs: np.ndarray, exact: np.ndarray) -> float:
    """Return the median distance of tracks to the nearest different track of another song.

    Tracks of the same song do not count, because repeated bars would make the median 0, nor do
    exact duplicates. It is that of up to SAMPLE tracks, and 0 where there is only one song.
    """
    rows = np.linspace(0, len(x) - 1, min(SAMPLE, len(x))).astype(int)
    distances = pairwise_distances(x[rows], x)
    distances[(songs[rows, None] == songs) | (exact[rows, None] == exact)] = np.inf
    nearest = distances.min(axis=1)
    return float(np.median(nearest[np.isfinite(nearest)])) if np.isfinite(nearest).any() else 0.0


def close(x: np.ndarray, songs: np.ndarray, heard: np.ndarray, radius: float) -> sparse.csr_array:
    """Find the songs with a track within `radius` of each track: (tracks, songs), positive if so.

    Two tracks that are both `heard` are not compared. Distances are Euclidean.
    """
    distinct, number = np.unique(x, axis=0, return_inverse=True)
    number = number.ravel()
    graph = NearestNeighbors(radius=radius).fit(distinct).radius_neighbors_graph()
    near = (sparse.csr_array(graph) + sparse.eye_array(len(distinct), format="csr"))[number]
    shape = len(distinct), songs.max() + 1
    silent = near @ _marked(number[~heard], songs[~heard], shape)
    of_heard = near @ _marked(number[heard], songs[heard], shape)
    return silent + sparse.diags_array((~heard).astype(float)) @ of_heard


def _padded(fingerprints: list[np.ndarray]) -> np.ndarray:
    """Return fingerprints as rows, int32, with NO_SOUND behind the end of shorter ones."""
    words = np.full((len(fingerprints), max(map(len, fingerprints), default=0)), NO_SOUND, np.int32)
    for row, fingerprint in zip(words, fingerprints, strict=True):
        row[: len(fingerprint)] = fingerprint
    return words


def _marked(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> sparse.csr_array:
    """Return a matrix of zeros, with ones at pairs of rows and columns, summed where repeated."""
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
